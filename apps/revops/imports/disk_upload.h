#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/revops/imports/import_journal.h"
#include "apps/revops/worker_process.h"
#include "core/base/http.h"

namespace revops::app {

/// A file on its way into the folder of an import; gone unless it was kept.
class DiskUpload final : public HttpUpload {
 public:
  /// `refusal`: why nothing is taken, said by the first Write.
  DiskUpload(const ImportJournal& journal, std::string id, std::uint64_t bytes_max,
             std::optional<Error> refusal)
      : journal_(journal),
        id_(std::move(id)),
        bytes_max_(bytes_max),
        refusal_(std::move(refusal)) {}
  ~DiskUpload() override;

  std::uint64_t bytes_max() const override { return bytes_max_; }
  Result<void> Write(std::string_view piece) override;
  /// To be called once all of it has come.
  Result<void> Keep();

  const std::string& id() const { return id_; }
  std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  Result<void> Open();

  const ImportJournal& journal_;
  const std::string id_;
  const std::uint64_t bytes_max_;
  std::optional<Error> refusal_;
  std::optional<Descriptor> file_;
  std::uint64_t size_bytes_ = 0;
  bool is_kept_ = false;
};

}  // namespace revops::app
