// Input: an expression, the name of a zone and an instant, a line each. Whatever parses must give
// instants that agree with one another.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/check.h"
#include "core/scheduler/cron.h"

namespace {

using revops::Instant;
using revops::TimeZone;
using revops::scheduler::CronSchedule;

constexpr std::array<std::string_view, 8> kZones = {
    "UTC",         "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns",
    "Asia/Beirut", "Pacific/Apia",  "America/Nuuk",        "America/Sao_Paulo"};

std::string_view TakeLine(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// One of a few, so that inputs cannot open files.
TimeZone ZoneOf(std::string_view name) {
  for (const auto known : kZones) {
    if (known != name) continue;
    if (auto zone = TimeZone::Load(name)) return *zone;
  }
  return TimeZone::Utc();
}

void Check(const CronSchedule& schedule, Instant at) {
  const Instant next = schedule.NextAfter(at);
  REVOPS_CHECK(next > at);
  const auto last = schedule.LastNotAfter(at);
  REVOPS_CHECK(!last || *last <= at);
  if (last) REVOPS_CHECK(schedule.LastNotAfter(*last) == last);
  if (last) REVOPS_CHECK(schedule.NextAfter(*last) == next);
  if (next == Instant::max()) return;
  REVOPS_CHECK(schedule.LastNotAfter(next) == next);
  REVOPS_CHECK(schedule.NextAfter(next - std::chrono::milliseconds(1)) == next);
  const auto before_next = schedule.LastNotAfter(next - std::chrono::milliseconds(1));
  REVOPS_CHECK(!before_next || before_next == last);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expression = TakeLine(text);
  const auto zone = ZoneOf(TakeLine(text));
  const auto at = revops::ParseInstant(TakeLine(text)).value_or(Instant{});
  const auto schedule = CronSchedule::Parse(expression, zone);
  if (!schedule) {
    REVOPS_CHECK(schedule.error().code == revops::ErrorCode::kInvalidArgument);
    return 0;
  }
  Check(*schedule, at);
  return 0;
}
