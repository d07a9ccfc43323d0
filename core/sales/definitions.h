#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace revops::sales {

enum class Status { kOpen, kClosed, kWon, kLost, kUnknown };
inline constexpr std::size_t kStatusCount = 5;
inline constexpr std::array<Status, kStatusCount> kStatuses = {
    Status::kOpen, Status::kClosed, Status::kWon, Status::kLost, Status::kUnknown};

/// "open", "closed", "won", "lost", "unknown".
std::string_view ToString(Status status);
std::optional<Status> ParseStatus(std::string_view text);

/// What turns table values into figures. Travels in every snapshot; readers use the snapshot's.
struct Definitions {
  int version = 1;
  std::string zone = "UTC";             ///< report time zone
  std::optional<std::string> currency;  ///< ISO 4217; nullopt: plain numbers
  std::string locale = "en-GB";
  std::vector<std::string> stages = {"Prospecting", "Qualification", "Proposal", "Negotiation"};
  /// Folded stage text → one of `stages`, besides their own names.
  std::map<std::string, std::string> stage_aliases;
  /// Folded STATUS → status.
  std::map<std::string, Status> statuses = {
      {"open", Status::kOpen}, {"closed", Status::kClosed},    {"closed won", Status::kWon},
      {"won", Status::kWon},   {"closed lost", Status::kLost}, {"lost", Status::kLost},
  };
  /// Dimension name ("region") → trimmed value → the value it counts as.
  std::map<std::string, std::map<std::string, std::string>> aliases;

  friend bool operator==(const Definitions&, const Definitions&) = default;
};

/// What readers could not show of them: a currency that is not three letters, a locale that is not
/// LANGUAGE[-Script][-REGION] of BCP 47. One sentence each, beginning with the member's name.
std::vector<std::string> FindProblems(const Definitions& definitions);

}  // namespace revops::sales
