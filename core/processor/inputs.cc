#include "core/processor/inputs.h"

#include "core/base/sha256.h"
#include "core/snapshot/definitions_codec.h"
#include "core/snapshot/manifest.h"

namespace revops::processor {
namespace {

/// Values of any content, so that no two lists give the same text.
class Fields {
 public:
  Fields& Add(std::string_view value) {
    text_ += std::to_string(value.size()) + ":";
    text_ += value;
    return *this;
  }
  Fields& Add(std::uint64_t value) { return Add(std::string_view(std::to_string(value))); }

  std::string Hash() const { return Sha256::Hex(text_); }

 private:
  std::string text_;
};

}  // namespace

std::optional<std::string> OriginOf(const warehouse::WarehouseRead& read,
                                    const RefreshConfig& config) {
  auto origin = read.origin();
  return origin ? origin : config.origin;
}

InputsKey MakeInputsKey(const warehouse::WarehouseRead& read, Date business_date,
                        const RefreshConfig& config) {
  const auto token = read.change_token();
  if (!token) return {};
  Fields rows;
  rows.Add(*token).Add(config.source.warehouse).Add(config.source.table);
  for (const sales::Column& column : read.schema().columns()) {
    rows.Add(column.name).Add(ToString(column.type)).Add(ToString(column.role));
    rows.Add(column.length_max);
  }
  rows.Add(config.rows_max);
  rows.Add(static_cast<std::uint64_t>(snapshot::kFormat));
  rows.Add(static_cast<std::uint64_t>(kDataVersion));
  InputsKey key;
  key.rows = rows.Hash();
  Fields everything;
  everything.Add(key.rows)
      .Add(business_date.ToString())
      .Add(config.zone.name())
      .Add(snapshot::EncodeDefinitions(config.definitions));
  if (const auto origin = OriginOf(read, config)) everything.Add(*origin);
  key.everything = everything.Hash();
  return key;
}

bool has_same_rows(const InputsKey& key, std::string_view earlier) {
  return !key.rows.empty() && earlier.substr(0, earlier.find('-')) == key.rows;
}

}  // namespace revops::processor
