#include "core/api/target.h"

#include <string>
#include <utility>

namespace revops::api {
namespace {

Target Refuse(Reply reply) { return {nullptr, std::move(reply)}; }

}  // namespace

Target FindTarget(SnapshotCatalog& snapshots, const Exchange& exchange, Query& query) {
  const Result<std::optional<std::string>> as_of = query.TakeSingle("as_of");
  if (!as_of) return Refuse(exchange.Fail(as_of.error()));
  if (!exchange.edition) return Refuse(exchange.Fail(NoSnapshot()));
  if (!*as_of || **as_of == exchange.edition->snapshot->id()) {
    return {exchange.edition, std::nullopt};
  }
  if (!exchange.may_block) return {};
  Result<std::shared_ptr<const Edition>> found = snapshots.Find(**as_of);
  if (!found) return Refuse(exchange.Fail(found.error()));
  return {*std::move(found), std::nullopt};
}

}  // namespace revops::api
