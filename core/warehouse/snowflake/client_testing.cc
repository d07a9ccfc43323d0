#include "core/warehouse/snowflake/client_testing.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace revops::warehouse {

Result<AuthToken> CountingCredentials::Token() {
  return AuthToken{"KEYPAIR_JWT", Secret("token-" + std::to_string(renewals))};
}

bool CountingCredentials::Renew(const AuthToken& /*refused*/, std::optional<Instant> server_now) {
  server_time = server_now;
  if (can_renew) ++renewals;
  return can_renew;
}

Result<void> KeepingSink::Begin(const std::vector<ResultColumn>& found) {
  columns = found;
  ++begun;
  return {};
}

Result<void> KeepingSink::Take(const ResultCells& cells) {
  REVOPS_TRY(check(taken++));
  for (std::size_t row = 0; row < cells.row_count(); ++row) {
    for (std::size_t column = 0; column < cells.column_count(); ++column) {
      values.emplace_back(cells.at(row, column).value_or("NULL"));
    }
  }
  return {};
}

Result<void> ClientBench::Execute(ResultSink& sink, std::chrono::milliseconds time) {
  SqlStatement statement;
  statement.Add("SELECT 'é' WHERE A = ").BindText("o\"b").Add(" AND N = ").BindNumber(7);
  return client->Execute(statement, sink, {clock.SteadyNow() + time, stop.get_token()});
}

void ClientBench::Answer(std::vector<ScriptedTransport::Answer> answers) {
  transport.answer = [answers = std::move(answers)](const net::ClientRequest&, std::size_t number) {
    return answers[std::min(number, answers.size() - 1)];
  };
}

std::string Parameter(const net::ClientRequest& request, std::string_view name) {
  const std::string_view target = request.target;
  const std::string sought = std::string(name) + "=";
  auto at = target.find('?');
  while (at != std::string_view::npos) {
    const std::string_view rest = target.substr(at + 1);
    if (rest.starts_with(sought)) {
      return std::string(rest.substr(sought.size(), rest.find('&') - sought.size()));
    }
    at = target.find('&', at + 1);
  }
  return {};
}

std::string PartitionBody(const std::vector<std::size_t>& sizes, std::size_t partition) {
  const auto begin = sizes.begin();
  const std::size_t first =
      std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(partition), std::size_t{0});
  std::string body = "[";
  for (std::size_t i = 0; i < sizes[partition]; ++i) {
    body += (i > 0 ? ",[\"" : "[\"") + std::to_string(first + i) + "\"]";
  }
  return body + "]";
}

std::string ResultBody(const std::vector<std::size_t>& sizes, std::string_view handle) {
  std::string partitions;
  for (const std::size_t size : sizes) {
    partitions += (partitions.empty() ? "" : ",") + std::string("{\"rowCount\":") +
                  std::to_string(size) + ",\"uncompressedSize\":1}";
  }
  const std::size_t rows = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
  return "{\"resultSetMetaData\":{\"numRows\":" + std::to_string(rows) +
         ",\"format\":\"jsonv2\",\"rowType\":[{\"name\":\"N\",\"type\":\"fixed\",\"precision\":38,"
         "\"scale\":0}],\"partitionInfo\":[" +
         partitions + "]},\"data\":" + (sizes.empty() ? "[]" : PartitionBody(sizes, 0)) +
         ",\"code\":\"090001\",\"sqlState\":\"00000\",\"message\":\"ok\",\"statementHandle\":\"" +
         std::string(handle) + "\"}";
}

std::string StatusBody(std::string_view handle) {
  return "{\"code\":\"333334\",\"message\":\"in progress\",\"statementHandle\":\"" +
         std::string(handle) + "\",\"statementStatusUrl\":\"/api/v2/statements/x\"}";
}

std::string FailureBody(std::string_view code) {
  return "{\"code\":\"" + std::string(code) +
         "\",\"sqlState\":\"42000\",\"message\":\"what it says\",\"statementHandle\":\"01b0-a\"}";
}

}  // namespace revops::warehouse
