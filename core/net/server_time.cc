#include "core/net/server_time.h"

#include <string>
#include <string_view>

namespace revops::net {

std::optional<Instant> ServerTime(const ClientResponse& response) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::string_view text = response.header("date").value_or("");
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const std::string number = std::to_string(month / 3 + 1);
  return ParseInstant(std::string(text.substr(12, 4)) + "-" + (number.size() < 2 ? "0" : "") +
                      number + "-" + std::string(text.substr(5, 2)) + "T" +
                      std::string(text.substr(17, 8)) + "Z");
}

}  // namespace revops::net
