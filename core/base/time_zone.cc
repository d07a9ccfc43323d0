#include "core/base/time_zone.h"

#include <algorithm>
#include <utility>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

namespace revops {
namespace {

Instant FromAbsl(absl::Time time) {
  return Instant(std::chrono::milliseconds(absl::ToUnixMillis(time)));
}

absl::Time ToAbsl(Instant instant) {
  return absl::FromUnixMillis(instant.time_since_epoch().count());
}

/// The library would also take paths and prefixes such as "file:" and "libc:".
bool is_zone_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '+' || c == '-';
  };
  return !name.empty() && !name.starts_with('/') && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

struct TimeZone::Impl {
  absl::TimeZone zone;
};

TimeZone::TimeZone(std::string name, std::shared_ptr<const Impl> impl)
    : name_(std::move(name)), impl_(std::move(impl)) {}

Result<TimeZone> TimeZone::Load(std::string_view name) {
  Impl impl;
  if (!is_zone_name(name) ||
      !absl::LoadTimeZone(absl::string_view(name.data(), name.size()), &impl.zone)) {
    return Fail(ErrorCode::kInvalidArgument,
                "unknown time zone '" + std::string(name) +
                    "': use a name of the IANA list, e.g. Europe/Berlin or UTC");
  }
  return TimeZone(std::string(name), std::make_shared<const Impl>(impl));
}

TimeZone TimeZone::Utc() {
  return TimeZone("UTC", std::make_shared<const Impl>(Impl{absl::UTCTimeZone()}));
}

CivilTime TimeZone::ToCivil(Instant instant) const {
  const auto second = absl::ToCivilSecond(ToAbsl(instant), impl_->zone);
  const auto days = absl::CivilDay(second) - absl::CivilDay(1970, 1, 1);
  return {Date::FromDays(static_cast<std::int32_t>(days)), second.hour(), second.minute(),
          second.second()};
}

CivilLookup TimeZone::ToInstant(const CivilTime& civil) const {
  const absl::CivilSecond second(civil.date.year(), civil.date.month(), civil.date.day(),
                                 civil.hour, civil.minute, civil.second);
  const auto info = impl_->zone.At(second);
  switch (info.kind) {
    case absl::TimeZone::TimeInfo::SKIPPED:
      return {CivilLookup::Kind::kSkipped, FromAbsl(info.trans), FromAbsl(info.trans)};
    case absl::TimeZone::TimeInfo::REPEATED:
      return {CivilLookup::Kind::kRepeated, FromAbsl(info.pre), FromAbsl(info.post)};
    case absl::TimeZone::TimeInfo::UNIQUE:
      break;
  }
  return {CivilLookup::Kind::kUnique, FromAbsl(info.pre), FromAbsl(info.pre)};
}

}  // namespace revops
