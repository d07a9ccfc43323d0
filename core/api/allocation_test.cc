#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/api/testing/service_fixture.h"

/// A program of its own, because it counts every allocation: answering from prepared bytes makes
/// none.

namespace {

thread_local std::size_t allocations = 0;

void* Allocate(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
// Not inlined: the compiler would see free() for what comes from operator new.
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace revops::api {
namespace {

std::size_t AllocationsOf(Service& service, const HttpRequest& request, int status) {
  const std::size_t before = allocations;
  int seen = 0;
  bool prepared = false;
  {
    const std::optional<HttpResponse> response = service.AnswerNow(request);
    seen = response ? response->status : 0;
    prepared = response && response->prepared != nullptr;
  }
  const std::size_t made = allocations - before;
  EXPECT_EQ(seen, status);
  EXPECT_TRUE(prepared);
  return made;
}

TEST(AnswerNow, AllocatesNothingForPreparedAnswers) {
  TestService test;
  const std::string as_of = "as_of=" + test.PublishSampleRows();
  for (const std::string path :
       {"/api/pipeline/by-region", "/api/pipeline/by-month", "/api/summary", "/api/openapi.json"}) {
    for (const std::string coding : {"gzip, deflate, br, zstd", "gzip", ""}) {
      const std::string etag = test.Get(path, {{"Accept-Encoding", coding}}).header("ETag");
      const std::vector<HttpField> fields = {{"Host", "localhost:8080"},
                                             {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64)"},
                                             {"Accept", "application/json"},
                                             {"Accept-Encoding", coding},
                                             {"If-None-Match", "\"0\""}};
      std::vector<HttpField> again = fields;
      again.back().value = etag;
      const std::string query = path == "/api/openapi.json" ? "" : as_of;
      EXPECT_EQ(AllocationsOf(test.service, {"GET", path, query, fields, "", "id"}, 200), 0U);
      EXPECT_EQ(AllocationsOf(test.service, {"HEAD", path, "", fields, "", "id"}, 200), 0U);
      EXPECT_EQ(AllocationsOf(test.service, {"GET", path, query, again, "", "id"}, 304), 0U);
    }
  }
}

}  // namespace
}  // namespace revops::api
