#include "fuzz/http_request_check.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "core/base/check.h"
#include "core/net/request_reader.h"

namespace revops::fuzz {
namespace {

namespace beast_http = boost::beast::http;
using net::RequestReader;

struct Seen {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  bool operator==(const Seen& other) const {
    return method == other.method && target == other.target && fields == other.fields &&
           body == other.body;
  }
};

struct Outcome {
  std::vector<Seen> requests;
  int refused = 0;

  bool operator==(const Outcome&) const = default;
};

net::HttpLimits Limits() {
  net::HttpLimits limits;
  limits.head_bytes_max = 1024;
  limits.body_bytes_max = 4096;
  return limits;
}

Seen Copy(const RequestReader& reader, const std::string& streamed) {
  const net::RequestHead& head = reader.head();
  Seen seen{.method = std::string(head.method),
            .target = std::string(head.path),
            .fields = {},
            .body = streamed + std::string(reader.body())};
  // "/?" and "/" are told apart nowhere: the query is empty in both.
  if (!head.query.empty()) seen.target += "?" + std::string(head.query);
  for (const HttpField& field : head.fields) seen.fields.emplace_back(field.name, field.value);
  return seen;
}

Outcome ReadInPieces(std::string_view bytes, std::size_t piece, bool streams_bodies = false) {
  static const net::HttpLimits kLimits = Limits();
  static const net::HostRules kHosts("127.0.0.1", 80, {"a"});
  RequestReader reader(kLimits, kHosts);
  Outcome outcome;
  std::string streamed;
  while (true) {
    const std::span<char> space = reader.space();
    REVOPS_CHECK(!space.empty());
    const std::size_t size = std::min({space.size(), bytes.size(), piece});
    std::memcpy(space.data(), bytes.data(), size);
    reader.Commit(size);
    bytes.remove_prefix(size);
    auto step = reader.Next();
    while (step != RequestReader::Step::kNeedMore && step != RequestReader::Step::kRefused) {
      if (step == RequestReader::Step::kHead && streams_bodies) {
        reader.StreamBody(kLimits.body_bytes_max);
      }
      if (step == RequestReader::Step::kPiece) {
        streamed += reader.body();
        reader.DropPiece();
      }
      if (step == RequestReader::Step::kReady) {
        outcome.requests.push_back(Copy(reader, std::exchange(streamed, {})));
        reader.Consume();
      }
      step = reader.Next();
    }
    if (step == RequestReader::Step::kRefused) {
      outcome.refused = reader.refusal().status;
      return outcome;
    }
    if (bytes.empty()) return outcome;
  }
}

std::string Text(boost::beast::string_view view) { return {view.data(), view.size()}; }

/// The request at the start of `bytes` as Beast reads it; `bytes` loses it.
Seen ReadWithBeast(std::string_view& bytes) {
  beast_http::request_parser<beast_http::string_body> parser;
  parser.eager(true);
  parser.header_limit(16 * 1024);
  parser.body_limit(1024 * 1024);
  while (!parser.is_done()) {
    boost::system::error_code error;
    const std::size_t used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    const bool went_on = !error || (error == beast_http::error::need_more && used > 0);
    REVOPS_CHECK(went_on);
    bytes.remove_prefix(used);
  }
  Seen seen{.method = Text(parser.get().method_string()),
            .target = Text(parser.get().target()),
            .fields = {},
            .body = parser.get().body()};
  if (seen.target.find('?') == seen.target.size() - 1) seen.target.pop_back();
  for (const auto& field : parser.get()) {
    seen.fields.emplace_back(Text(field.name_string()), Text(field.value()));
  }
  return seen;
}

/// Beast groups fields by name and adds trailers: every field of ours must be there.
bool HasFields(const Seen& beast, const Seen& ours) {
  return std::all_of(ours.fields.begin(), ours.fields.end(), [&](const auto& field) {
    return std::find(beast.fields.begin(), beast.fields.end(), field) != beast.fields.end();
  });
}

/// Beast refuses some values of this obsolete field, which means nothing to us.
bool HasProxyConnection(const Seen& ours) {
  return std::any_of(ours.fields.begin(), ours.fields.end(), [](const auto& field) {
    return EqualsIgnoreCase(field.first, "Proxy-Connection");
  });
}

}  // namespace

void CheckHttpRequest(std::string_view bytes) {
  const Outcome whole = ReadInPieces(bytes, bytes.size() + 1);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size() / 2 + 1}) {
    REVOPS_CHECK(ReadInPieces(bytes, piece) == whole);
    // A chunk that is too large is refused as late as its bytes come.
    if (whole.refused == 0) REVOPS_CHECK(ReadInPieces(bytes, piece, true) == whole);
  }
  for (const Seen& ours : whole.requests) {
    if (HasProxyConnection(ours)) return;
    const Seen beast = ReadWithBeast(bytes);
    REVOPS_CHECK(beast.method == ours.method && beast.target == ours.target);
    REVOPS_CHECK(beast.body == ours.body && HasFields(beast, ours));
  }
}

}  // namespace revops::fuzz
