#include "apps/revops/dated_files.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace revops::app {
namespace {

constexpr int kYearMin = 1970;
constexpr int kYearMax = 2199;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What a stretch of a name can mean.
using Readings = std::set<Date>;

void Add(Readings& readings, int year, int month, int day) {
  if (year < kYearMin || year > kYearMax) return;
  if (const auto date = Date::FromCivil(year, month, day)) readings.insert(*date);
}

/// A run of digits in the name.
struct Run {
  std::size_t begin = 0;
  std::string_view digits;

  std::size_t end() const { return begin + digits.size(); }
  int Number(std::size_t at, std::size_t count) const {
    int value = 0;
    const std::string_view part = digits.substr(at, count);
    std::from_chars(part.data(), part.data() + part.size(), value);
    return value;
  }
  int number() const { return Number(0, digits.size()); }
};

std::vector<Run> RunsOf(std::string_view name) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_digit(name[i])) continue;
    std::size_t end = i;
    while (end < name.size() && is_digit(name[end])) ++end;
    runs.push_back({i, name.substr(i, end - i)});
    i = end;
  }
  return runs;
}

/// The character that stands between both pairs of three runs; nullopt when there is no such one.
std::optional<char> Separator(std::string_view name, const Run& a, const Run& b, const Run& c) {
  if (b.begin != a.end() + 1 || c.begin != b.end() + 1) return std::nullopt;
  const char separator = name[a.end()];
  if (name[b.end()] != separator || std::string_view("-_. ").find(separator) == std::string::npos) {
    return std::nullopt;
  }
  return separator;
}

Readings ReadAlone(const Run& run) {
  Readings readings;
  constexpr std::size_t kDate = 8;
  constexpr std::size_t kDateAndTime = 14;
  if (run.digits.size() != kDate && run.digits.size() != kDateAndTime) return readings;
  Add(readings, run.Number(0, 4), run.Number(4, 2), run.Number(6, 2));
  return readings;
}

Readings ReadThree(std::string_view name, const Run& a, const Run& b, const Run& c) {
  Readings readings;
  const auto separator = Separator(name, a, b, c);
  if (!separator || b.digits.size() > 2) return readings;
  if (a.digits.size() == 4 && c.digits.size() <= 2) {
    Add(readings, a.number(), b.number(), c.number());
  } else if (a.digits.size() <= 2 && c.digits.size() == 4) {
    Add(readings, c.number(), b.number(), a.number());
    if (*separator != '.') Add(readings, c.number(), a.number(), b.number());
  }
  return readings;
}

Unexpected Refuse(const std::string& path, const std::string& why) {
  return Fail(ErrorCode::kInvalidArgument,
              path + ": " + why + "; give the day with --as-of DATE, one file at a time");
}

}  // namespace

Result<Date> DateInName(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  const std::vector<Run> runs = RunsOf(name);
  std::vector<Readings> found;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Readings readings = ReadAlone(runs[i]);
    if (readings.empty() && i + 2 < runs.size()) {
      readings = ReadThree(name, runs[i], runs[i + 1], runs[i + 2]);
      if (!readings.empty()) i += 2;
    }
    if (!readings.empty()) found.push_back(readings);
  }
  if (found.empty()) return Refuse(path, "there is no date such as 2026-09-01 in its name");
  for (const Readings& readings : found) {
    if (readings.size() > 1) return Refuse(path, "which is the month in its name cannot be told");
    if (readings != found[0]) return Refuse(path, "there are several dates in its name");
  }
  return *found[0].begin();
}

Result<std::vector<Date>> DatesOf(const std::vector<std::string>& files, const std::string& as_of) {
  if (as_of != kFromName) {
    const auto date = Date::Parse(as_of);
    if (date) return std::vector<Date>(files.size(), *date);
    return Fail(ErrorCode::kInvalidArgument,
                "--as-of takes a day such as 2026-09-01, or from-name: '" + as_of + "' is neither");
  }
  std::vector<Date> dates;
  std::map<Date, std::string> seen;
  for (const std::string& file : files) {
    REVOPS_TRY_ASSIGN(const Date date, DateInName(file));
    const auto [earlier, is_new] = seen.emplace(date, file);
    if (!is_new) {
      return Fail(ErrorCode::kInvalidArgument,
                  earlier->second + " and " + file + " are both of " + date.ToString() +
                      ": leave one out, or take both as one table with --as-of " + date.ToString());
    }
    dates.push_back(date);
  }
  return dates;
}

}  // namespace revops::app
