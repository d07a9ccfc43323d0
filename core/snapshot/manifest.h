#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/result.h"
#include "core/cube/tally.h"
#include "core/sales/ledger.h"
#include "core/sales/schema.h"

namespace revops::snapshot {

inline constexpr int kFormat = 1;

/// An immutable object `revops/objects/<sha256>.<ext>`; the hash is of the uncompressed content.
struct ObjectRef {
  std::string sha256;            ///< 64 lower-case hex digits
  std::string extension;         ///< "csv.zst", "cube.zst", "json.zst" …
  std::uint64_t size_bytes = 0;  ///< uncompressed

  std::string key() const { return "revops/objects/" + sha256 + "." + extension; }
  friend bool operator==(const ObjectRef&, const ObjectRef&) = default;
};

/// What a snapshot holds of one SALE_DATE month, or of the undated rows.
struct Part {
  std::string month;  ///< "2026-11"; "undated"
  std::uint64_t rows = 0;
  std::optional<ObjectRef> rows_object;  ///< canonical CSV; nullopt: the snapshot holds no rows
  std::optional<ObjectRef> ids_object;   ///< the month's ids, sorted; nullopt likewise
  ObjectRef cube_object;
  sales::Ledger ledger;  ///< without the reasons that need more than this month

  friend bool operator==(const Part&, const Part&) = default;
};

enum class HashKind { kRows, kCube };

/// Where the rows came from, for people: {"duckdb", "FCT_SALES"}.
struct Source {
  std::string warehouse;
  std::string table;

  friend bool operator==(const Source&, const Source&) = default;
};

/// Everything that a snapshot is made of, by hash. The key's suffix is the first 8 hex digits of
/// the manifest's own SHA-256, so that it proves itself.
struct Manifest {
  int format = kFormat;
  Instant data_as_of;  ///< when the warehouse read that found this content began
  Instant computed_at;
  Date business_date;
  std::string zone;
  HashKind hash_kind = HashKind::kRows;
  std::string content_hash;
  sales::Schema schema = sales::Schema::FctSales();
  std::vector<Part> parts;  ///< ascending by month, "undated" last
  std::optional<ObjectRef> day_digests_object;
  ObjectRef definitions_object;
  std::map<std::string, ObjectRef> views;  ///< by name: "by-region" …
  cube::StatusTotals totals;
  sales::Ledger ledger;  ///< of the whole snapshot, complete
  Source source;
  /// Whose rows these are (core/sales/origin.h); nullopt: it was not said.
  std::optional<std::string> origin;
  std::string program_version;
  std::optional<std::string> previous_id;

  std::uint64_t row_count() const { return totals.total().deals; }
};

/// Canonical JSON; the same manifest gives the same bytes.
std::string Encode(const Manifest& manifest);
/// Unknown members are ignored.
/// Errors: kUnsupported for a newer format, kCorrupt for anything else that does not fit.
Result<Manifest> ParseManifest(std::string_view bytes);

/// "20261122T020000Z-1a2b3c4d", from computed_at and the encoded bytes.
std::string ManifestId(const Manifest& manifest, std::string_view encoded);
std::string ManifestKey(std::string_view id);
/// Whether the bytes' hash begins with the id's suffix.
bool Proves(std::string_view id, std::string_view bytes);

/// The content hash of rows: SHA-256 over lines "YYYY-MM rows sha256\n", ascending, undated last;
/// of kCube the same over the cube objects.
std::string ContentHash(HashKind kind, const std::vector<Part>& parts);

}  // namespace revops::snapshot
