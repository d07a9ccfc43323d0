#include "core/store/local/errors.h"

#include <cerrno>

#include <gtest/gtest.h>

namespace revops::store {
namespace {

struct ErrnoCase {
  int number;
  ErrorCode code;
  const char* origin;
};

class FromErrno : public testing::TestWithParam<ErrnoCase> {};

TEST_P(FromErrno, HasCodeOriginAndAdvice) {
  const Error error = FailWithErrno(GetParam().number, "writing").error();
  EXPECT_EQ(error.code, GetParam().code);
  EXPECT_EQ(error.origin, GetParam().origin);
  EXPECT_TRUE(error.message.starts_with("writing failed: ")) << error.message;
  EXPECT_GT(error.message.size(), std::string("writing failed: ").size());
}

INSTANTIATE_TEST_SUITE_P(
    LocalStore, FromErrno,
    testing::Values(ErrnoCase{ENOSPC, ErrorCode::kResourceExhausted, "disk:ENOSPC"},
                    ErrnoCase{EDQUOT, ErrorCode::kResourceExhausted, "disk:EDQUOT"},
                    ErrnoCase{EFBIG, ErrorCode::kResourceExhausted, "disk:EFBIG"},
                    ErrnoCase{EMFILE, ErrorCode::kResourceExhausted, "disk:EMFILE"},
                    ErrnoCase{ENFILE, ErrorCode::kResourceExhausted, "disk:ENFILE"},
                    ErrnoCase{ENOMEM, ErrorCode::kResourceExhausted, "disk:ENOMEM"},
                    ErrnoCase{ENOLCK, ErrorCode::kResourceExhausted, "disk:ENOLCK"},
                    ErrnoCase{EACCES, ErrorCode::kPermissionDenied, "disk:EACCES"},
                    ErrnoCase{EPERM, ErrorCode::kPermissionDenied, "disk:EPERM"},
                    ErrnoCase{EROFS, ErrorCode::kPermissionDenied, "disk:EROFS"},
                    ErrnoCase{EIO, ErrorCode::kUnavailable, "disk:EIO"},
                    ErrnoCase{ESTALE, ErrorCode::kUnavailable, "disk:ESTALE"},
                    ErrnoCase{EINTR, ErrorCode::kUnavailable, "disk:EINTR"},
                    ErrnoCase{ENOENT, ErrorCode::kUnavailable, "disk:ENOENT"},
                    ErrnoCase{ENOTDIR, ErrorCode::kInvalidArgument, "disk:ENOTDIR"},
                    ErrnoCase{EISDIR, ErrorCode::kInvalidArgument, "disk:EISDIR"},
                    ErrnoCase{ELOOP, ErrorCode::kCorrupt, "disk:ELOOP"},
                    ErrnoCase{ENXIO, ErrorCode::kCorrupt, "disk:ENXIO"},
                    ErrnoCase{EDOM, ErrorCode::kInternal, "disk:EDOM"},
                    ErrnoCase{99999, ErrorCode::kInternal, "disk:99999"}));

}  // namespace
}  // namespace revops::store
