#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/result.h"

namespace revops {

/// A civil wall-clock time without a zone.
struct CivilTime {
  Date date;
  int hour = 0;
  int minute = 0;
  int second = 0;

  friend constexpr auto operator<=>(const CivilTime&, const CivilTime&) = default;
};

/// How a civil time maps to instants: once as a rule; not at all in a gap; twice in a repeat.
struct CivilLookup {
  enum class Kind { kUnique, kSkipped, kRepeated };
  Kind kind = Kind::kUnique;
  /// The instant; in a repeat the first one; in a gap the first instant after it.
  Instant at;
  /// In a repeat the second instant, otherwise equal to `at`.
  Instant again_at;
};

/// An IANA time zone. Cheap to copy, immutable.
class TimeZone {
 public:
  /// Errors: kInvalidArgument for a name that the zone files do not hold.
  static Result<TimeZone> Load(std::string_view name);
  static TimeZone Utc();

  const std::string& name() const { return name_; }
  CivilTime ToCivil(Instant instant) const;
  CivilLookup ToInstant(const CivilTime& civil) const;
  /// The calendar date there at that instant: the business date D.
  Date DateAt(Instant instant) const { return ToCivil(instant).date; }

 private:
  struct Impl;
  TimeZone(std::string name, std::shared_ptr<const Impl> impl);

  std::string name_;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace revops
