#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/data_version.h"
#include "core/api/prepared_answer.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/time_zone.h"
#include "core/snapshot/snapshot.h"

namespace revops::api {

/// A snapshot as it is served: what a request pins. Immutable.
struct Edition {
  std::shared_ptr<const snapshot::Snapshot> snapshot;
  Instant data_as_of;   ///< the pointer's for the current snapshot, else the manifest's
  Instant computed_at;  ///< likewise
  std::optional<std::string> degraded;
  TimeZone zone = TimeZone::Utc();
  std::string origin;  ///< whose rows these are (core/sales/origin.h)

  /// What made-up rows are called; nullopt: they are somebody's own.
  std::optional<std::string> made_up_as() const;

  struct Page {
    std::string path;
    PreparedAnswer answer;
  };
  /// The unfiltered answers of the current snapshot; empty for older ones, and where a snapshot is
  /// read on demand.
  std::vector<Page> pages;

  /// nullptr when there is none.
  const PreparedAnswer* FindPage(std::string_view path) const;
  /// The same, but reads and prepares what is missing of a current snapshot that is read on demand.
  /// nullptr also when that fails: answering without preparation will say why.
  const PreparedAnswer* MakePage(std::string_view path) const;
  DataVersion version() const;

  /// `label`: of the deployment. Errors: kCorrupt when the definitions name an unknown zone.
  static Result<std::shared_ptr<const Edition>> OfCurrent(const snapshot::Current& current,
                                                          const std::optional<std::string>& label);
  static Result<std::shared_ptr<const Edition>> OfEarlier(
      std::shared_ptr<const snapshot::Snapshot> snapshot, const std::optional<std::string>& label);

  /// Pages that were made when they were asked for; they stay where they are.
  struct LatePages {
    std::mutex mutex;
    std::list<Page> pages;
  };
  std::unique_ptr<LatePages> late;  ///< nullptr unless it is current and read on demand
};

/// Whose rows a snapshot holds. Earlier versions did not write it: then they are what the
/// deployment is labelled as.
std::string OriginOf(const snapshot::Manifest& manifest, const std::optional<std::string>& label);

}  // namespace revops::api
