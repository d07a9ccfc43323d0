#include "fuzz/settings_check.h"

#include <map>
#include <string>

#include "apps/revops/settings.h"
#include "core/base/check.h"

namespace revops::fuzz {
namespace {

std::string_view TakeUntil(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

app::Environment ToEnvironment(std::string_view lines) {
  std::map<std::string, std::string> values;
  while (!lines.empty()) {
    std::string_view value = TakeUntil(lines, '\n');
    const std::string_view name = TakeUntil(value, '=');
    values.insert_or_assign(std::string(name), value);
  }
  return [values](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

}  // namespace

void CheckSettings(std::string_view bytes) {
  const std::string_view text = TakeUntil(bytes, '\0');
  const auto settings = app::ParseSettings(text, "revops.toml", ToEnvironment(bytes));
  if (!settings) {
    REVOPS_CHECK(settings.error().code == ErrorCode::kInvalidArgument);
    REVOPS_CHECK(!settings.error().message.empty());
    return;
  }
  REVOPS_CHECK(!settings->listen.host.empty());
  REVOPS_CHECK(settings->zone.name() == settings->definitions.zone);
  REVOPS_CHECK(settings->live_poll_seconds >= 0 && settings->live_poll_seconds <= 3600);
  REVOPS_CHECK(settings->snapshot_rows_max <= 1'000'000'000);
  REVOPS_CHECK(settings->schedule.NextAfter(Instant()) > Instant());
}

}  // namespace revops::fuzz
