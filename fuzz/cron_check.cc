#include "fuzz/cron_check.h"

#include <array>

#include "core/base/check.h"
#include "core/scheduler/cron.h"

namespace revops::fuzz {
namespace {

using scheduler::CronSchedule;

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

void CheckCron(std::string_view bytes) {
  const auto expression = TakeLine(bytes);
  const auto zone = ZoneOf(TakeLine(bytes));
  const auto at = ParseInstant(TakeLine(bytes)).value_or(Instant{});
  const auto schedule = CronSchedule::Parse(expression, zone);
  if (!schedule) {
    REVOPS_CHECK(schedule.error().code == ErrorCode::kInvalidArgument);
    return;
  }
  Check(*schedule, at);
}

}  // namespace revops::fuzz
