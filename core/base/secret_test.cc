#include "core/base/secret.h"

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace revops {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(Streamable<std::string>);
static_assert(!Streamable<Secret>);
static_assert(fmt::is_formattable<std::string>::value);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);

/// Looks at memory that comes back before it goes on.
class Inspector final : public std::pmr::memory_resource {
 public:
  Inspector() : previous_(std::pmr::set_default_resource(this)) {}
  ~Inspector() override { std::pmr::set_default_resource(previous_); }

  int returned = 0;
  int returned_with_text = 0;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    return previous_->allocate(bytes, alignment);
  }
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
    const char* const begin = static_cast<const char*>(memory);
    ++returned;
    if (std::any_of(begin, begin + bytes, [](char c) { return c != '\0'; })) ++returned_with_text;
    previous_->deallocate(memory, bytes, alignment);
  }
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::pmr::memory_resource* const previous_;
};

TEST(Secret, ShowsItsTextToThoseWhoAsk) {
  const Secret secret("hunter2");
  EXPECT_EQ(secret.reveal(), "hunter2");
  EXPECT_TRUE(secret == Secret("hunter2"));
  EXPECT_FALSE(secret == Secret("hunter3"));
  EXPECT_FALSE(secret.empty());
  EXPECT_TRUE(Secret().empty());
  EXPECT_EQ(Secret().reveal(), "");
}

TEST(Secret, IsOverwrittenBeforeItsMemoryIsGivenBack) {
  Inspector inspector;
  {
    Secret one("a key");
    Secret two(one);
    const Secret three(std::move(two));
    one = Secret("another key");
    one = three;
    one = Secret();
  }
  EXPECT_EQ(inspector.returned, 4);
  EXPECT_EQ(inspector.returned_with_text, 0);
}

TEST(Secret, TakesTheTextAwayFromItsString) {
  for (const char* text : {"short", "longer than what a string keeps within itself"}) {
    std::string string(text);
    const char* const bytes = string.data();
    const std::size_t size = string.size();
    const Secret secret = TakeSecret(std::move(string));
    EXPECT_EQ(secret.reveal(), text);
    EXPECT_TRUE(string.empty());
    EXPECT_EQ(std::string_view(bytes, size), std::string(size, '\0'));
  }
}

}  // namespace
}  // namespace revops
