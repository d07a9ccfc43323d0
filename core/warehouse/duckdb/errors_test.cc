#include "core/warehouse/duckdb/errors.h"

#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Case {
  std::string_view message;
  ErrorCode code;
  std::string_view origin;
};

TEST(DuckDbErrors, HaveOneOfOurCodes) {
  const std::vector<Case> cases = {
      {"Out of Range Error: x", ErrorCode::kInvalidArgument, "duckdb:out_of_range"},
      {"Conversion Error: x", ErrorCode::kInvalidArgument, "duckdb:conversion"},
      {"Catalog Error: x", ErrorCode::kInvalidArgument, "duckdb:catalog"},
      {"Parser Error: x", ErrorCode::kInvalidArgument, "duckdb:parser"},
      {"Binder Error: x", ErrorCode::kInvalidArgument, "duckdb:binder"},
      {"Constraint Error: x", ErrorCode::kInvalidArgument, "duckdb:constraint"},
      {"Invalid Input Error: x", ErrorCode::kInvalidArgument, "duckdb:invalid_input"},
      {"Dependency Error: x", ErrorCode::kInvalidArgument, "duckdb:dependency"},
      {"Permission Error: x", ErrorCode::kPermissionDenied, "duckdb:permission"},
      {"Not implemented Error: x", ErrorCode::kUnsupported, "duckdb:not_implemented"},
      {"Missing Extension Error: x", ErrorCode::kUnsupported, "duckdb:missing_extension"},
      {"TransactionContext Error: Conflict", ErrorCode::kUnavailable, "duckdb:transaction"},
      {"Connection Error: x", ErrorCode::kUnavailable, "duckdb:connection"},
      {"IO Error: Could not read", ErrorCode::kUnavailable, "duckdb:io"},
      {"IO Error: write: No space left on device", ErrorCode::kResourceExhausted, "duckdb:io"},
      {"FATAL Error: Failed: File too large", ErrorCode::kResourceExhausted, "duckdb:fatal"},
      {"FATAL Error: database has been invalidated", ErrorCode::kUnavailable, "duckdb:fatal"},
      {"IO Error: Corrupt database file: computed checksum", ErrorCode::kCorrupt, "duckdb:io"},
      {"Serialization Error: Failed to deserialize", ErrorCode::kCorrupt, "duckdb:serialization"},
      {"Out of Memory Error: x", ErrorCode::kResourceExhausted, "duckdb:out_of_memory"},
      {"INTERRUPT Error: Interrupted!", ErrorCode::kCancelled, "duckdb:interrupt"},
      {"INTERNAL Error: x", ErrorCode::kInternal, "duckdb:internal"},
      {"Something else", ErrorCode::kInternal, "duckdb:unknown"},
      {"", ErrorCode::kInternal, "duckdb:unknown"},
  };
  for (const Case& test : cases) {
    const Error error = DuckDbError(test.message);
    EXPECT_EQ(error.code, test.code) << test.message;
    EXPECT_EQ(error.origin, test.origin) << test.message;
  }
}

TEST(DuckDbErrors, AreOneLineWithoutTheStatement) {
  const Error error = DuckDbError(
      "Catalog Error: Table with name x does not exist!\nDid you mean \"y\"?\n\nLINE 1: select "
      "*\n");
  EXPECT_EQ(error.message, "Catalog Error: Table with name x does not exist! Did you mean \"y\"?");
}

TEST(DuckDbErrors, OfUsersTextsAreNotTakenForTheDisks) {
  EXPECT_EQ(DuckDbError("Conversion Error: 'No space left on device' is no number").code,
            ErrorCode::kInvalidArgument);
}

TEST(DuckDbErrors, OnOpeningSayWhatToDo) {
  const Error locked = DuckDbOpenError(
      "IO Error: Could not set lock on file \"/x/a.db\": Conflicting lock is held", "a.db");
  EXPECT_EQ(locked.code, ErrorCode::kUnavailable);
  EXPECT_THAT(locked.message, HasSubstr("open in another process"));
  const Error damaged = DuckDbOpenError(
      "IO Error: The file \"a\" exists, but it is not a valid DuckDB database file!", "a.db");
  EXPECT_EQ(damaged.code, ErrorCode::kCorrupt);
  EXPECT_THAT(damaged.message, HasSubstr("restore"));
  EXPECT_EQ(damaged.origin, "duckdb:io");
}

TEST(DuckDbErrors, TellWhenTheDatabaseMustBeOpenedAgain) {
  EXPECT_TRUE(is_fatal("FATAL Error: x"));
  EXPECT_TRUE(is_fatal("Invalid Input Error: database has been invalidated because"));
  EXPECT_FALSE(is_fatal("IO Error: x"));
}

}  // namespace
}  // namespace revops::warehouse
