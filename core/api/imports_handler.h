#pragma once

#include <memory>
#include <string_view>

#include "core/api/exchange.h"
#include "core/api/import_desk.h"

namespace revops::api {

/// Takes files that people hand over: /api/imports…, /api/mappings….
class ImportsHandler {
 public:
  /// `desk`: nullptr where files cannot be imported; every call says so.
  explicit ImportsHandler(ImportDesk* desk) : desk_(desk) {}

  /// nullptr where files cannot be imported.
  std::unique_ptr<HttpUpload> BeginUpload() const;

  Outcome List(const Exchange& exchange) const;
  Outcome Accept(const Exchange& exchange) const;
  Outcome Find(const Exchange& exchange, std::string_view id) const;
  Outcome Discard(const Exchange& exchange, std::string_view id) const;
  Outcome Inspection(const Exchange& exchange, std::string_view id) const;
  Outcome ChangeMapping(const Exchange& exchange, std::string_view id) const;
  Outcome Take(const Exchange& exchange, std::string_view id) const;
  Outcome Undo(const Exchange& exchange, std::string_view id) const;
  Outcome RefusedRows(const Exchange& exchange, std::string_view id) const;
  Outcome Mappings(const Exchange& exchange) const;
  Outcome SaveMeaning(const Exchange& exchange, std::string_view name) const;

 private:
  ImportDesk* desk_;
};

}  // namespace revops::api
