#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "core/cube/cube.h"

namespace {
std::atomic<std::size_t> allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
// Not inlined: the compiler would see free() for what comes from operator new.
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace revops::cube {
namespace {

Cube CubeWith(int day_count) {
  std::vector<CubeCell> cells;
  for (int day = 0; day < day_count; ++day) {
    cells.push_back({Date::FromDays(day),
                     {"A", day % 2 == 0 ? "North" : "a region with a long name", "S", "open"},
                     {1, 1, Money::FromCents(day)}});
  }
  return Cube(FromCells(sales::Schema::FctSales(), cells));
}

TEST(Query, AllocatesNothingInSteadyState) {
  for (const int day_count : {3, 3000}) {
    const Cube cube = CubeWith(day_count);
    sales::Filter filter;
    filter.from = Date::FromDays(1);
    filter.selections.resize(2);
    filter.selections[1].include = {"North", "a region with a long name"};
    CubeAnswer answer;
    cube.Query(filter, answer);
    const std::size_t before = allocations;
    cube.Query(filter, answer);
    cube.Query({}, answer);
    EXPECT_EQ(allocations, before) << day_count;
    EXPECT_EQ(answer.totals.total().deals, static_cast<std::uint64_t>(day_count));
  }
}

}  // namespace
}  // namespace revops::cube
