#include "fuzz/http_response_check.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <zlib.h>

#include "core/base/check.h"
#include "core/base/http.h"
#include "core/net/response_reader.h"

namespace revops::fuzz {
namespace {

namespace beast_http = boost::beast::http;
using net::ResponseReader;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr ResponseReader::Limits kLimits{.head_bytes_max = 1024, .body_bytes_max = 4096};
/// A cut at every byte costs the square of the size.
constexpr std::size_t kCutsMax = 600;

struct Outcome {
  ResponseReader::Step step = ResponseReader::Step::kNeedMore;
  int status = 0;
  Fields fields;
  std::string body;
  std::size_t left = 0;  ///< bytes behind the answer
  bool keeps_alive = false;
  bool needed_end = false;

  bool operator==(const Outcome&) const = default;
  bool is_answer() const { return step == ResponseReader::Step::kDone; }
};

Outcome ReadInPieces(std::string_view bytes, bool to_head, std::size_t piece) {
  ResponseReader reader(kLimits, to_head);
  Outcome outcome;
  while (outcome.step == ResponseReader::Step::kNeedMore && !bytes.empty()) {
    std::string_view taken = bytes.substr(0, piece);
    const std::size_t size = taken.size();
    outcome.step = reader.Take(taken);
    bytes.remove_prefix(size - taken.size());
  }
  if (outcome.step == ResponseReader::Step::kNeedMore) {
    outcome.needed_end = true;
    outcome.step = reader.End();
  }
  if (!outcome.is_answer()) return outcome;
  outcome.keeps_alive = reader.keeps_alive();
  outcome.left = bytes.size();
  net::ClientResponse response = reader.TakeResponse();
  outcome.status = response.status;
  outcome.fields = std::move(response.headers);
  outcome.body = std::move(response.body);
  return outcome;
}

std::string Text(boost::beast::string_view view) { return {view.data(), view.size()}; }

/// The answer as Beast reads it, interim ones skipped, its body as it was packed.
Outcome ReadWithBeast(std::string_view bytes, bool to_head) {
  while (true) {
    beast_http::response_parser<beast_http::string_body> parser;
    parser.eager(true);
    parser.skip(to_head);
    parser.header_limit(16 * 1024);
    parser.body_limit(1024 * 1024);
    while (!parser.is_done()) {
      boost::system::error_code error;
      if (bytes.empty()) {
        parser.put_eof(error);
        REVOPS_CHECK(!error);
        break;
      }
      const std::size_t used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
      const bool went_on = !error || (error == beast_http::error::need_more && used > 0);
      REVOPS_CHECK(went_on);
      bytes.remove_prefix(used);
    }
    const auto& message = parser.get();
    if (message.result_int() < 200) continue;
    Outcome outcome;
    outcome.status = static_cast<int>(message.result_int());
    outcome.body = message.body();
    outcome.left = bytes.size();
    for (const auto& field : message) {
      outcome.fields.emplace_back(Text(field.name_string()), Text(field.value()));
    }
    return outcome;
  }
}

/// Unpacks one whole gzip member in one call.
std::string Unpack(const std::string& packed) {
  constexpr int kGzip = 16 + MAX_WBITS;
  z_stream stream{};
  REVOPS_CHECK(inflateInit2(&stream, kGzip) == Z_OK);
  std::string input = packed;
  std::string body(kLimits.body_bytes_max + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(body.data());
  stream.avail_out = static_cast<uInt>(body.size());
  REVOPS_CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0);
  body.resize(stream.total_out);
  inflateEnd(&stream);
  return body;
}

bool IsPacked(const Outcome& outcome) {
  return std::any_of(outcome.fields.begin(), outcome.fields.end(), [](const auto& field) {
    return EqualsIgnoreCase(field.first, "Content-Encoding") &&
           (EqualsIgnoreCase(field.second, "gzip") || EqualsIgnoreCase(field.second, "x-gzip"));
  });
}

/// Beast groups fields by name and adds trailers: every field of ours must be there.
bool HasFields(const Outcome& beast, const Outcome& ours) {
  return std::all_of(ours.fields.begin(), ours.fields.end(), [&](const auto& field) {
    return std::find(beast.fields.begin(), beast.fields.end(), field) != beast.fields.end();
  });
}

/// Beast refuses some values of these, which mean nothing to us.
bool HasFieldThatBeastRefuses(const Outcome& ours) {
  return std::any_of(ours.fields.begin(), ours.fields.end(), [](const auto& field) {
    return EqualsIgnoreCase(field.first, "Proxy-Connection") ||
           EqualsIgnoreCase(field.first, "Connection");
  });
}

void CheckAgainstBeast(std::string_view bytes, bool to_head, const Outcome& ours) {
  if (HasFieldThatBeastRefuses(ours)) return;
  Outcome beast = ReadWithBeast(bytes, to_head);
  if (IsPacked(ours) && !beast.body.empty()) beast.body = Unpack(beast.body);
  REVOPS_CHECK(beast.status == ours.status && beast.left == ours.left);
  REVOPS_CHECK(beast.body == ours.body && HasFields(beast, ours));
}

/// An answer that says where it ends, cut anywhere, is none.
void CheckCuts(std::string_view answer, bool to_head) {
  const std::size_t step = answer.size() / kCutsMax + 1;
  for (std::size_t size = 0; size < answer.size(); size += step) {
    REVOPS_CHECK(!ReadInPieces(answer.substr(0, size), to_head, answer.size()).is_answer());
  }
}

}  // namespace

void CheckHttpResponse(std::string_view bytes) {
  constexpr std::string_view kToHead = "HEAD\n";
  const bool to_head = bytes.starts_with(kToHead);
  if (to_head) bytes.remove_prefix(kToHead.size());
  const Outcome whole = ReadInPieces(bytes, to_head, bytes.size() + 1);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size() / 2 + 1}) {
    REVOPS_CHECK(ReadInPieces(bytes, to_head, piece) == whole);
  }
  if (!whole.is_answer()) return;
  REVOPS_CHECK(whole.body.size() <= kLimits.body_bytes_max);
  REVOPS_CHECK(whole.left <= bytes.size());
  if (!whole.needed_end) CheckCuts(bytes.substr(0, bytes.size() - whole.left), to_head);
  CheckAgainstBeast(bytes, to_head, whole);
}

}  // namespace revops::fuzz
