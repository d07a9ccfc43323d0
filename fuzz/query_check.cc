#include "fuzz/query_check.h"

#include <optional>
#include <string>

#include "core/api/coding.h"
#include "core/api/filter_question.h"
#include "core/api/query.h"
#include "core/base/check.h"

namespace revops::fuzz {
namespace {

std::string_view TakeLine(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

void AppendParameter(std::string& query, const std::string& name, std::string_view value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  query.append("&").append(name).append("=");
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    query += '%';
    query += kDigits[byte / 16];
    query += kDigits[byte % 16];
  }
}

std::string ToQuery(const sales::Filter& filter, const sales::Schema& schema) {
  std::string query;
  for (std::size_t i = 0; i < filter.selections.size(); ++i) {
    const std::string& name = schema.dimension_name(i);
    for (const auto& value : filter.selections[i].include) {
      AppendParameter(query, name, value.value_or(""));
    }
    for (const auto& value : filter.selections[i].exclude) {
      AppendParameter(query, "not_" + name, value.value_or(""));
    }
  }
  if (filter.from) AppendParameter(query, "from", filter.from->ToString());
  if (filter.to) AppendParameter(query, "to", filter.to->ToString());
  return query;
}

Result<sales::Filter> ReadFilter(std::string_view text) {
  REVOPS_TRY_ASSIGN(api::Query query, api::Query::Parse(text));
  REVOPS_TRY_ASSIGN(const auto as_of, query.TakeSingle("as_of"));
  REVOPS_TRY_ASSIGN(const auto limit, api::TakeLimit(query, 5000));
  REVOPS_CHECK(!limit || (*limit >= 1 && *limit <= 5000));
  REVOPS_TRY_ASSIGN(sales::Filter filter,
                    api::TakeFilter(query, sales::Schema::FctSales(), sales::Definitions()));
  REVOPS_TRY(query.RefuseRest());
  return filter;
}

void CheckFilter(std::string_view text) {
  const Result<sales::Filter> filter = ReadFilter(text);
  if (!filter) {
    REVOPS_CHECK(filter.error().code == ErrorCode::kInvalidArgument);
    REVOPS_CHECK(!filter.error().message.empty());
    return;
  }
  const sales::Schema& schema = sales::Schema::FctSales();
  const Result<sales::Filter> again = ReadFilter(ToQuery(*filter, schema));
  REVOPS_CHECK(again.has_value());
  std::string echo;
  std::string echo_again;
  api::AppendFilter(echo, *filter, schema);
  api::AppendFilter(echo_again, *again, schema);
  REVOPS_CHECK(echo == echo_again);
}

void CheckFields(std::string_view accept_encoding, std::string_view if_none_match) {
  for (unsigned offered = 0; offered < 1U << api::kCodingCount; ++offered) {
    const auto coding = api::NegotiateCoding(accept_encoding, offered);
    REVOPS_CHECK(!coding || (offered & (1U << static_cast<unsigned>(*coding))) != 0);
  }
  constexpr std::string_view kTag = "\"0123-br\"";
  const bool named = api::MatchesETag(if_none_match, kTag);
  REVOPS_CHECK(!named || if_none_match.find(kTag) != std::string_view::npos ||
               if_none_match.find('*') != std::string_view::npos);
  if (api::prefers_csv(accept_encoding)) REVOPS_CHECK(accept_encoding.size() >= 8);
}

}  // namespace

void CheckQuery(std::string_view bytes) {
  const std::string_view query = TakeLine(bytes);
  const std::string_view accept_encoding = TakeLine(bytes);
  CheckFilter(query);
  CheckFields(accept_encoding, bytes);
}

}  // namespace revops::fuzz
