#include <utility>

#include "apps/revops/commands.h"
#include "apps/revops/text_table.h"
#include "core/snapshot/part.h"

namespace revops::app {
namespace {

/// Rows as the import worker wrote them, one document a piece of input.
class DocumentSource final : public warehouse::SaleSource {
 public:
  explicit DocumentSource(CommandIo& io) : io_(io) {}

  Result<void> ReadAll(sales::SaleSink& sink) override {
    for (;;) {
      REVOPS_TRY_ASSIGN(const std::string document, io_.read());
      if (document.empty()) return {};
      REVOPS_TRY(snapshot::ReadRows(document, sales::Schema::FctSales(), sink));
    }
  }

 private:
  CommandIo& io_;
};

Result<warehouse::ImportMode> ParseMode(const std::string& text) {
  if (text == "append") return warehouse::ImportMode::kAppend;
  if (text == "replace") return warehouse::ImportMode::kReplace;
  if (text == "upsert") return warehouse::ImportMode::kUpsert;
  return Fail(ErrorCode::kInvalidArgument, "unknown mode '" + text + "'");
}

}  // namespace

Result<void> RunImport(Engine& engine, const CommandRequest& request, CommandIo& io) {
  REVOPS_TRY_ASSIGN(const auto mode, ParseMode(Argument(request, "mode")));
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine.database());
  REVOPS_TRY(database->CreateSalesTable());
  DocumentSource source(io);
  REVOPS_TRY_ASSIGN(const std::uint64_t rows, database->Import(source, mode, io.stop));
  return io.write("Took " + Counted(rows, "row") + ".\n");
}

}  // namespace revops::app
