#include "apps/revops/worker_process.h"

#include <unistd.h>

#include <cstdlib>
#include <stop_token>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/revops/foreign_input.h"

namespace revops::app {
namespace {

using testing::HasSubstr;

/// Another program stands in for the worker.
class WorkerProcess : public testing::Test {
 protected:
  void TearDown() override { unsetenv("REVOPS_LAUNCHER"); }

  static Descriptor FileOf(const std::string& text) {
    Descriptor file = MakeTemporaryFile().value();
    EXPECT_EQ(write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    EXPECT_EQ(lseek(file.get(), 0, SEEK_SET), 0);
    return file;
  }

  static std::string TextOf(const Descriptor& file) {
    return std::string(MappedFile::Map(file).value().bytes());
  }

  Descriptor input_ = FileOf("input ");
  Descriptor output_ = FileOf("");
  Descriptor refusals_ = FileOf("");
  Descriptor mapping_ = FileOf("mapping ");
  Descriptor rates_ = FileOf("rates");
};

TEST_F(WorkerProcess, GetsItsFiles) {
  setenv("REVOPS_LAUNCHER", "/bin/sh", 1);
  ASSERT_TRUE(RunWorker({"-c", "cat; cat <&4; cat <&5; echo refused >&3"},
                        {input_, output_, refusals_, mapping_, rates_}, {}));
  EXPECT_EQ(TextOf(output_), "input mapping rates");
  EXPECT_EQ(TextOf(refusals_), "refused\n");
}

TEST_F(WorkerProcess, SaysWhyItRefusesOrCannotGoOn) {
  setenv("REVOPS_LAUNCHER", "/bin/sh", 1);
  const WorkerFiles files{input_, output_, refusals_, mapping_, rates_};
  const auto refused =
      RunWorker({"-c", "echo first >&2; echo 'revops: it is blue' >&2; exit 1"}, files, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused.error().message, "it is blue");
  const auto hindered = RunWorker({"-c", "echo 'revops: no room' >&2; exit 3"}, files, {});
  ASSERT_FALSE(hindered);
  EXPECT_EQ(hindered.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(hindered.error().message, "no room");
}

TEST_F(WorkerProcess, IsKilledWhenStopped) {
  setenv("REVOPS_LAUNCHER", "/bin/sleep", 1);
  std::stop_source stop;
  std::thread stopper([&stop] { stop.request_stop(); });
  const auto ran =
      RunWorker({"600"}, {input_, output_, refusals_, mapping_, rates_}, stop.get_token());
  stopper.join();
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code, ErrorCode::kCancelled);
}

TEST(FindFormat, GoesByContentFirst) {
  EXPECT_EQ(FindFormat("PK\x03\x04", ".csv").value(), InputFormat::kXlsx);
  EXPECT_EQ(FindFormat("PAR1", ".txt").value(), InputFormat::kParquet);
  EXPECT_EQ(FindFormat("a,b", ".tsv").value(), InputFormat::kCsv);
  EXPECT_EQ(FindFormat("{}", ".ndjson").value(), InputFormat::kJsonLines);
}

TEST(FindFormat, SaysWhatToDoWithTheOthers) {
  const auto told = [](std::string_view head, std::string_view ending) {
    const auto format = FindFormat(head, ending);
    return format ? std::string() : format.error().message;
  };
  EXPECT_THAT(told("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ".xlsx"), HasSubstr("password"));
  EXPECT_THAT(told("PK\x03\x04", ".xlsm"), HasSubstr("macros"));
  EXPECT_THAT(told("PK\x03\x04", ".zip"), HasSubstr("unpack it"));
  EXPECT_THAT(told("%PDF-1.7", ".csv"), HasSubstr("PDF"));
  EXPECT_THAT(told("<html><table>", ".xlsx"), HasSubstr("web page"));
  EXPECT_THAT(told("x", ".ods"), HasSubstr("OpenDocument"));
  EXPECT_THAT(told("x", ".doc"), HasSubstr(".parquet"));
}

}  // namespace
}  // namespace revops::app
