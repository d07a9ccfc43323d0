#include "apps/revops/frames.h"

#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include <gtest/gtest.h>

namespace revops::app {
namespace {

/// Two connected sockets.
class Frames : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds_), 0); }
  void TearDown() override {
    HangUp();
    close(fds_[1]);
  }

  int near() const { return fds_[0]; }
  int far() const { return fds_[1]; }

  void HangUp() {
    if (fds_[0] >= 0) close(fds_[0]);
    fds_[0] = -1;
  }
  void SendRaw(std::string_view bytes) {
    ASSERT_EQ(send(near(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }

 private:
  int fds_[2] = {-1, -1};
};

TEST_F(Frames, ArriveAsTheyWereSentAndInOrder) {
  const std::string binary("a\0\xFF\n", 4);
  ASSERT_TRUE(WriteFrame(near(), 'O', "text"));
  ASSERT_TRUE(WriteFrame(near(), 'E', ""));
  ASSERT_TRUE(WriteFrame(near(), 'I', binary));
  for (const Frame& sent : {Frame{'O', "text"}, Frame{'E', ""}, Frame{'I', binary}}) {
    const auto frame = ReadFrame(far());
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->type, sent.type);
    EXPECT_EQ(frame->payload, sent.payload);
  }
}

TEST_F(Frames, AreALengthATypeAndThePayload) {
  ASSERT_TRUE(WriteFrame(near(), 'O', "text"));
  char bytes[9];
  ASSERT_EQ(recv(far(), bytes, sizeof bytes, MSG_WAITALL), 9);
  EXPECT_EQ(std::string_view(bytes, sizeof bytes), std::string_view("\4\0\0\0Otext", 9));
}

TEST_F(Frames, ShareALongPayloadAmongSeveral) {
  const std::string payload(2 * kFrameBytesMax + 1, 'x');
  std::thread sender([&] { EXPECT_TRUE(WriteFrame(near(), 'O', payload)); });
  for (const std::size_t size : {kFrameBytesMax, kFrameBytesMax, std::size_t{1}}) {
    const auto frame = ReadFrame(far());
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->type, 'O');
    EXPECT_EQ(frame->payload.size(), size);
  }
  sender.join();
}

TEST_F(Frames, ThatAreTooLongAreRefusedBeforeTheyCome) {
  SendRaw(std::string_view("\1\0\x10\0I", 5));
  EXPECT_EQ(ReadFrame(far()).error().code, ErrorCode::kCorrupt);
}

TEST_F(Frames, ThatBreakOffAreNone) {
  for (const std::string_view piece :
       {std::string_view("\4\0", 2), std::string_view("\0\0Ote", 5)}) {
    SendRaw(piece);
  }
  HangUp();
  EXPECT_EQ(ReadFrame(far()).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(ReadFrame(far()).error().code, ErrorCode::kUnavailable);
}

TEST_F(Frames, CannotBeSentToNobody) {
  HangUp();
  EXPECT_EQ(WriteFrame(far(), 'O', "text").error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace revops::app
