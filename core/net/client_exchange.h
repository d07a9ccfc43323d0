#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/net/client_patience.h"
#include "core/net/client_rate.h"
#include "core/net/client_stream.h"
#include "core/net/http_client.h"
#include "core/net/response_reader.h"

namespace revops::net {

/// One request over one connection, and its answer. The answer is read while the request is still
/// being sent: a peer may refuse a large body before it has all of it.
class ClientExchange {
 public:
  struct Limits {
    std::size_t head_bytes_max = 0;
    std::size_t bytes_per_second_min = 0;  ///< of the answer, over 10 s, after its first byte
  };

  /// All but `limits` outlive the exchange. `head`: the rendered head of `request`.
  ClientExchange(ClientStream& stream, const ClientRequest& request, std::string head,
                 const ClientPatience& patience, Limits limits);

  /// Once. Errors: as Send's, with the origin net:http.
  Result<ClientResponse> Run();

  /// After Run: whether a byte of the request was sent.
  bool has_sent() const { return has_sent_; }
  /// After Run: the peer had closed before a byte of the answer came.
  bool was_closed() const { return was_closed_; }
  /// After Run: the connection may carry another request.
  bool is_reusable() const { return is_reusable_; }

 private:
  using Step = ResponseReader::Step;
  using Time = ClientPatience::Time;
  enum class Motion { kMoved, kStuck, kOver };

  bool is_too_early();
  Motion Send();
  Motion Receive();
  Motion OnEnd(bool in_order);
  Motion OnBytes(std::string_view bytes, Time before);
  Time Until() const;
  Unexpected GaveUp(ClientPatience::Outcome outcome, Time until) const;
  Result<ClientResponse> Finish();

  ClientStream& stream_;
  const ClientPatience& patience_;
  std::string peer_;
  std::string head_;  ///< and the start of a body, so that a small request is one packet
  std::string_view unsent_head_;
  std::string_view unsent_body_;
  ResponseReader reader_;
  ClientRate rate_;
  std::optional<Error> failure_;
  short awaited_ = 0;
  bool can_send_ = true;
  bool has_waited_ = false;
  bool has_sent_ = false;
  bool has_received_ = false;
  bool was_closed_ = false;
  bool is_reusable_ = false;
  std::array<char, 32 * 1024> space_;
};

}  // namespace revops::net
