#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/base/check.h"
#include "core/base/error.h"

namespace revops {

/// An error on its way out of a function; what `Fail` returns and every Result accepts.
class Unexpected {
 public:
  explicit Unexpected(Error error) : error_(std::move(error)) {}
  const Error& error() const& { return error_; }
  Error&& error() && { return std::move(error_); }

 private:
  Error error_;
};

inline Unexpected Fail(ErrorCode code, std::string message, std::string origin = {}) {
  return Unexpected(Error{code, std::move(message), std::move(origin), {}});
}

inline Unexpected Fail(Error error) { return Unexpected(std::move(error)); }

/// A value or the error that prevented it. The members bear std::expected's names.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(Unexpected failure) : state_(std::in_place_index<1>, std::move(failure).error()) {}

  template <class U = T>
    requires(std::is_constructible_v<T, U &&> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
             !std::is_same_v<std::remove_cvref_t<U>, Unexpected>)
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return Checked(); }
  const T& value() const& { return const_cast<Result*>(this)->Checked(); }
  T&& value() && { return std::move(Checked()); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    REVOPS_CHECK(!has_value());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    REVOPS_CHECK(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

  template <class U>
  T value_or(U&& fallback) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  T& Checked() {
    REVOPS_CHECK(has_value());
    return *std::get_if<0>(&state_);
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Unexpected failure) : error_(std::move(failure).error()) {}

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  void value() const { REVOPS_CHECK(has_value()); }

  const Error& error() const& {
    REVOPS_CHECK(error_.has_value());
    return *error_;
  }
  Error&& error() && {
    REVOPS_CHECK(error_.has_value());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

/// The same result, its error seen from one layer further out.
template <class T>
Result<T> WithContext(Result<T> result, std::string_view context) {
  if (result) return result;
  return Unexpected(WithContext(std::move(result).error(), context));
}

}  // namespace revops

#define REVOPS_CONCAT_INNER(a, b) a##b
#define REVOPS_CONCAT(a, b) REVOPS_CONCAT_INNER(a, b)

/// Leaves the function with the error of a Result<void>.
#define REVOPS_TRY(...)                                              \
  do {                                                               \
    if (auto revops_result = (__VA_ARGS__); !revops_result) {        \
      return ::revops::Unexpected(std::move(revops_result).error()); \
    }                                                                \
  } while (false)

/// REVOPS_TRY_ASSIGN(auto rows, ReadRows()): declares `rows`, or leaves the function with the
/// error.
#define REVOPS_TRY_ASSIGN(declaration, ...)                                                  \
  auto REVOPS_CONCAT(revops_result_, __LINE__) = (__VA_ARGS__);                              \
  if (!REVOPS_CONCAT(revops_result_, __LINE__)) {                                            \
    return ::revops::Unexpected(std::move(REVOPS_CONCAT(revops_result_, __LINE__)).error()); \
  }                                                                                          \
  declaration = *std::move(REVOPS_CONCAT(revops_result_, __LINE__))
