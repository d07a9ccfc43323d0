#include "core/store/s3/s3_store.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/store/s3/checksum.h"
#include "core/store/s3/store_testing.h"

namespace revops::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kETag = "\"0123456789abcdef-1\"";
const std::string kOther = "\"fedcba9876543210-1\"";
constexpr const char* kPutId = "x-amz-meta-revops-put";

class S3StoreTest : public StoreBench, public testing::Test {
 protected:
  net::ClientRequest Asked(std::size_t n) const { return transport.requests().at(n); }
  std::vector<std::string> Methods() const {
    std::vector<std::string> methods;
    for (const auto& request : transport.requests()) methods.push_back(request.method);
    return methods;
  }

  /// Answers PUTs by `puts` in turn, and a HEAD as the object that the first PUT has made, or that
  /// of somebody else.
  void ScriptPuts(std::vector<Answer> puts, Answer head_or_own = net::Http(200)) {
    transport.answer = [puts = std::move(puts), head_or_own, this](
                           const net::ClientRequest& request, std::size_t n) -> Answer {
      if (request.method == "PUT") return puts[std::min(n, puts.size() - 1)];
      const bool is_own = head_or_own && head_or_own->status == 200 && !head_or_own->header(kPutId);
      if (!is_own) return head_or_own;
      return Told(200, {{"ETag", kETag}, {kPutId, HeaderOf(Asked(0), kPutId)}});
    };
  }
};

// Get -------------------------------------------------------------------------------------------

TEST_F(S3StoreTest, GetAsksForTheObjectAndItsChecksum) {
  Script({Told(200, {{"ETag", kETag}, {"x-amz-checksum-sha256", ChecksumOf("abc")}}, "abc")});
  const auto got = store->Get("revops/current.json");
  ASSERT_TRUE(got) << Describe(got.error());
  EXPECT_EQ(got->bytes, "abc");
  EXPECT_EQ(got->version, kETag);
  EXPECT_EQ(Asked(0).method, "GET");
  EXPECT_EQ(Asked(0).target, "/team/revops/current.json");
  EXPECT_EQ(Asked(0).origin.host, "sales-data.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(HeaderOf(Asked(0), "x-amz-checksum-mode"), "ENABLED");
}

TEST_F(S3StoreTest, GetAsksByPathElsewhere) {
  config.endpoint = net::HttpOrigin{false, "127.0.0.1", 9000};
  Script({Told(200, {{"ETag", kETag}}, "abc")});
  ASSERT_TRUE(Connect()->Get("a"));
  EXPECT_EQ(Asked(0).target, "/sales-data/team/a");
}

TEST_F(S3StoreTest, GetOfAMissingKeyIsNotFoundWithoutAnOrigin) {
  Script({Refused(404, "NoSuchKey")});
  const auto got = store->Get("a");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(got.error().origin, "");
}

// "No data yet" must not be what a wrong address or bucket looks like.
TEST_F(S3StoreTest, GetOfAMissingBucketOrFromSomethingElseIsNotNotFound) {
  for (const Answer& answer :
       {Answer(Refused(404, "NoSuchBucket")), Answer(net::Http(404)),
        Answer(net::Http(404, "<html>no page")), Answer(net::Http(200, "<html>welcome"))}) {
    StoreBench bench;
    bench.Script({answer});
    const auto got = bench.store->Get("a");
    ASSERT_FALSE(got);
    EXPECT_NE(got.error().code, ErrorCode::kNotFound);
  }
}

TEST_F(S3StoreTest, GetAsksAgainForDamagedBytes) {
  const auto damaged =
      Told(200, {{"ETag", kETag}, {"x-amz-checksum-sha256", ChecksumOf("abc")}}, "abd");
  Script(
      {damaged, Told(200, {{"ETag", kETag}, {"x-amz-checksum-sha256", ChecksumOf("abc")}}, "abc")});
  EXPECT_EQ(store->Get("a")->bytes, "abc");
  Script({damaged});
  const auto got = store->Get("a");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kCorrupt);
}

TEST_F(S3StoreTest, GetTakesNoPartOfAnObject) {
  Script({Told(206, {{"ETag", kETag}}, "a")});
  EXPECT_FALSE(store->Get("a"));
}

// Whoever asks for the pointer with every call is told in a few bytes that it is still the same.
TEST_F(S3StoreTest, GetAsksWhetherASmallObjectHasChanged) {
  config.keeps_small_objects = true;
  store = Connect();
  Script({Told(200, {{"ETag", kETag}}, "abc"), Told(304, {{"ETag", kETag}}), net::Http(304),
          Told(200, {{"ETag", kOther}}, "abcd"), Told(304, {{"ETag", kOther}})});
  EXPECT_EQ(store->Get("a")->bytes, "abc");
  for (int again = 0; again < 2; ++again) {
    const auto same = store->Get("a");
    ASSERT_TRUE(same) << Describe(same.error());
    EXPECT_EQ(same->bytes, "abc");
    EXPECT_EQ(same->version, kETag);
  }
  EXPECT_EQ(store->Get("a")->bytes, "abcd");
  EXPECT_EQ(store->Get("a")->version, kOther);
  const std::vector<std::string> asked = {"", kETag, kETag, kETag, kOther};
  for (std::size_t n = 0; n < asked.size(); ++n) {
    EXPECT_EQ(HeaderOf(Asked(n), "If-None-Match"), asked[n]) << n;
  }
}

TEST_F(S3StoreTest, GetBelievesNoOtherNotModified) {
  Script({Told(200, {{"ETag", kETag}}, "abc"), Told(304, {{"ETag", kETag}})});
  ASSERT_TRUE(store->Get("a"));
  EXPECT_FALSE(store->Get("a"));
  EXPECT_EQ(HeaderOf(Asked(1), "If-None-Match"), "");
  config.keeps_small_objects = true;
  store = Connect();
  Script({Told(304, {{"ETag", kETag}})});
  EXPECT_FALSE(store->Get("never.read"));
  Script({Told(200, {{"ETag", kETag}}, "abc")});
  ASSERT_TRUE(store->Get("a"));
  Script({Told(304, {{"ETag", kOther}})});
  EXPECT_FALSE(store->Get("a"));
  Script({Refused(404, "NoSuchKey")});
  EXPECT_EQ(store->Get("a").error().code, ErrorCode::kNotFound);
}

TEST_F(S3StoreTest, KeepsFewAndSmallObjects) {
  config.keeps_small_objects = true;
  store = Connect();
  Script({Told(200, {{"ETag", kETag}}, std::string(16 * 1024 + 1, 'x'))});
  ASSERT_TRUE(store->Get("large"));
  Script({Told(200, {{"ETag", kETag}}, "abc")});
  for (const char* key : {"a", "b", "c", "d", "e", "large", "a", "e"}) {
    ASSERT_TRUE(store->Get(key)) << key;
  }
  const std::size_t last = transport.requests().size() - 1;
  EXPECT_EQ(HeaderOf(Asked(last - 2), "If-None-Match"), "");  // large
  EXPECT_EQ(HeaderOf(Asked(last - 1), "If-None-Match"), "");  // a, which gave way to e
  EXPECT_EQ(HeaderOf(Asked(last), "If-None-Match"), kETag);
}

// Put -------------------------------------------------------------------------------------------

TEST_F(S3StoreTest, PutSendsChecksumAndCondition) {
  Script({Told(200, {{"ETag", kETag}})});
  ASSERT_EQ(*store->Put("a.json", "abc", PutCondition::None()), kETag);
  ASSERT_TRUE(store->Put("a.zst", "", PutCondition::IfAbsent()));
  ASSERT_TRUE(store->Put("a", "abc", PutCondition::IfMatch(kOther)));
  EXPECT_EQ(Asked(0).method, "PUT");
  EXPECT_EQ(Asked(0).target, "/team/a.json");
  EXPECT_EQ(Asked(0).body, "abc");
  EXPECT_EQ(HeaderOf(Asked(0), "x-amz-checksum-sha256"), ChecksumOf("abc"));
  EXPECT_EQ(HeaderOf(Asked(0), "Content-Type"), "application/json");
  EXPECT_EQ(HeaderOf(Asked(0), "If-Match") + HeaderOf(Asked(0), "If-None-Match"), "");
  EXPECT_EQ(HeaderOf(Asked(1), "Content-Type"), "application/octet-stream");
  EXPECT_EQ(HeaderOf(Asked(1), "If-None-Match"), "*");
  EXPECT_EQ(HeaderOf(Asked(2), "If-Match"), kOther);
  EXPECT_EQ(HeaderOf(Asked(0), kPutId).size(), 32U);
  EXPECT_NE(HeaderOf(Asked(0), kPutId), HeaderOf(Asked(1), kPutId));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(Asked(i).is_sent_once);
}

TEST_F(S3StoreTest, PutHasMoreTimeForMoreBytes) {
  Script({Told(200, {{"ETag", kETag}})});
  ASSERT_TRUE(store->Put("a", std::string(3UL * 1024 * 1024, 'x'), PutCondition::None()));
  EXPECT_EQ(Asked(0).deadline - clock.SteadyNow(), std::chrono::seconds(23));
}

TEST_F(S3StoreTest, PutRefusedByItsConditionDidNotHappen) {
  for (const auto& condition : {PutCondition::IfAbsent(), PutCondition::IfMatch(kOther)}) {
    StoreBench bench;
    bench.Script({Refused(503, "SlowDown"), Refused(409, "ConditionalRequestConflict"),
                  Refused(412, "PreconditionFailed")});
    const auto put = bench.store->Put("a", "abc", condition);
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, ErrorCode::kAlreadyExists);
    EXPECT_EQ(put.error().origin, "");
    EXPECT_EQ(bench.transport.requests().size(), 3U);
  }
}

TEST_F(S3StoreTest, PutOnAVersionOfAMissingObjectIsRefused) {
  Script({Refused(404, "NoSuchKey")});
  const auto put = store->Put("a", "abc", PutCondition::IfMatch(kOther));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kAlreadyExists);
}

TEST_F(S3StoreTest, PutOnWhatIsNoVersionIsRefusedUnsent) {
  for (const char* version : {"", "*", "x", "\"a\", \"b\"", "\"\"", "\"a\r\nX-Y: z\""}) {
    const auto put = store->Put("a", "abc", PutCondition::IfMatch(version));
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, ErrorCode::kAlreadyExists);
  }
  EXPECT_THAT(Methods(), IsEmpty());
}

struct LostCase {
  const char* name;
  StoreBench::Answer lost;
};

std::vector<LostCase> LostAnswers() {
  return {{"cut off", net::Lost()},
          {"timed out", Fail(ErrorCode::kTimeout, "late", "net:http")},
          {"500", Refused(500, "InternalError")},
          {"502", net::Http(502, "<html>")},
          {"no ETag", net::Http(200)}};
}

TEST_F(S3StoreTest, PutWhoseAnswerWasLostFindsItsOwnObject) {
  for (const LostCase& test : LostAnswers()) {
    for (const auto& condition : {PutCondition::IfAbsent(), PutCondition::IfMatch(kOther)}) {
      SCOPED_TRACE(test.name);
      StoreBench bench;
      const auto asked = [&](std::size_t n) { return bench.transport.requests().at(n); };
      bench.transport.answer = [&](const net::ClientRequest& request, std::size_t n) -> Answer {
        if (request.method != "PUT") {
          return Told(200, {{"ETag", kETag}, {kPutId, HeaderOf(asked(0), kPutId)}});
        }
        return n == 0 ? test.lost : Answer(Refused(412, "PreconditionFailed"));
      };
      const auto put = bench.store->Put("a", "abc", condition);
      ASSERT_TRUE(put) << Describe(put.error());
      EXPECT_EQ(*put, kETag);
      EXPECT_EQ(asked(2).method, "HEAD");
      EXPECT_EQ(asked(2).target, "/team/a");
      EXPECT_EQ(HeaderOf(asked(0), kPutId), HeaderOf(asked(1), kPutId));
    }
  }
}

// Ours may have been there before the other one: neither "done" nor "not done" would be true.
TEST_F(S3StoreTest, PutWhoseAnswerWasLostDoesNotTakeAnothersObjectForItsOwn) {
  for (const auto& head :
       {Told(200, {{"ETag", kOther}, {kPutId, "0123456789abcdef0123456789abcdef"}}),
        Told(200, {{"ETag", kOther}, {kPutId, ""}}), net::Http(404)}) {
    StoreBench::Answer answer = head;
    const std::size_t before = transport.requests().size();
    transport.answer = [&, before](const net::ClientRequest& request, std::size_t n) -> Answer {
      if (request.method == "PUT")
        return n == before ? net::Lost() : Answer(Refused(412, "PreconditionFailed"));
      return answer;
    };
    const auto put = store->Put("a", "abc", PutCondition::IfMatch(kOther));
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(put.error().origin, "s3:lost_answer");
  }
}

TEST_F(S3StoreTest, PutThatNeverArrivedIsRefusedForCertain) {
  Script({Fail(ErrorCode::kUnavailable, "refused", "net:connect"),
          Refused(412, "PreconditionFailed")});
  const auto put = store->Put("a", "abc", PutCondition::IfAbsent());
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(Methods(), ElementsAre("PUT", "PUT"));
}

TEST_F(S3StoreTest, PutSaysThatItCannotFindOut) {
  ScriptPuts({net::Lost(), Refused(412, "PreconditionFailed")}, net::Http(403));
  const auto put = store->Put("a", "abc", PutCondition::IfAbsent());
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(Describe(put.error()), HasSubstr("finding out whether"));
}

TEST_F(S3StoreTest, PutWithoutConditionIsSentAgain) {
  ScriptPuts({net::Lost(), Told(200, {{"ETag", kETag}})});
  EXPECT_EQ(*store->Put("a", "abc", PutCondition::None()), kETag);
  EXPECT_THAT(Methods(), ElementsAre("PUT", "PUT"));
}

TEST_F(S3StoreTest, PutSaysWhenThereIsNoRoom) {
  Script({Refused(507, "XMinioStorageFull")});
  EXPECT_EQ(store->Put("a", "abc", PutCondition::None()).error().code,
            ErrorCode::kResourceExhausted);
}

// Delete ----------------------------------------------------------------------------------------

TEST_F(S3StoreTest, DeleteIsDoneWhenThereIsNothing) {
  for (const Answer& answer :
       {Answer(net::Http(204)), Answer(net::Http(200)), Answer(Refused(404, "NoSuchKey"))}) {
    Script({answer});
    EXPECT_TRUE(store->Delete("a/b"));
  }
  EXPECT_EQ(Asked(0).method, "DELETE");
  EXPECT_EQ(Asked(0).target, "/team/a/b");
  Script({net::Http(404)});
  EXPECT_FALSE(store->Delete("a/b"));
}

// List ------------------------------------------------------------------------------------------

net::ClientResponse Page(const std::vector<std::string>& keys, const std::string& token = {}) {
  std::string body = "<ListBucketResult><KeyCount>" + std::to_string(keys.size()) + "</KeyCount>" +
                     "<EncodingType>url</EncodingType>";
  body += token.empty() ? "<IsTruncated>false</IsTruncated>"
                        : "<IsTruncated>true</IsTruncated><NextContinuationToken>" + token +
                              "</NextContinuationToken>";
  for (const auto& key : keys) {
    body += "<Contents><Key>" + key + "</Key><Size>3</Size>" +
            "<LastModified>2026-11-22T02:00:00.000Z</LastModified></Contents>";
  }
  return net::Http(200, body + "</ListBucketResult>");
}

std::vector<std::string> KeysOf(const std::vector<ObjectInfo>& infos) {
  std::vector<std::string> keys;
  for (const auto& info : infos) keys.push_back(info.key);
  return keys;
}

TEST_F(S3StoreTest, ListAsksForEveryPage) {
  Script({Page({"team/a/b", "team/a/c"}, "1/+="), Page({}, "2"), Page({"team/a/d"})});
  const auto infos = store->List("a/");
  ASSERT_TRUE(infos) << Describe(infos.error());
  EXPECT_THAT(KeysOf(*infos), ElementsAre("a/b", "a/c", "a/d"));
  EXPECT_EQ(Asked(0).target, "/?encoding-type=url&list-type=2&prefix=team%2Fa%2F");
  EXPECT_EQ(Asked(1).target,
            "/?continuation-token=1%2F%2B%3D&encoding-type=url&list-type=2&prefix=team%2Fa%2F");
}

TEST_F(S3StoreTest, ListPassesOverWhatIsNoKey) {
  Script({Page({"team/", "team/a%20b", "team/a/", "team/b", "team/~c", "team/%C3%A9"})});
  EXPECT_THAT(KeysOf(*store->List("")), ElementsAre("b"));
}

TEST_F(S3StoreTest, ListOfWhatNoKeyStartsWithAsksNobody) {
  for (const char* prefix : {"/", "a b", "~", "\xff", "*", "a?b"}) {
    EXPECT_THAT(KeysOf(*store->List(prefix)), IsEmpty()) << prefix;
  }
  EXPECT_THAT(Methods(), IsEmpty());
}

TEST_F(S3StoreTest, ListThatDoesNotEndIsAnError) {
  const std::vector<std::vector<Answer>> scripts = {
      {Page({"team/a"}, "1"), Page({"team/b"}, "2"), Page({"team/c"}, "1")},
      {Page({"team/a"}, "1"), Page({"team/a"}, "2"), Page({"team/a"})},
      {Page({"team/b", "team/a"})},
      {Page({}, "1")},
  };
  for (const auto& script : scripts) {
    Script({Page({})});
    const std::size_t before = transport.requests().size();
    transport.answer = [&, before](const net::ClientRequest&, std::size_t n) {
      return script[std::min(n - before, script.size() - 1)];
    };
    const auto infos = store->List("");
    ASSERT_FALSE(infos);
    EXPECT_EQ(infos.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(infos.error().origin, "s3:list");
    EXPECT_LE(transport.requests().size(), before + 4);
  }
}

TEST_F(S3StoreTest, ListOfSomethingElseIsAnErrorAndNotEmpty) {
  for (const net::ClientResponse& answer :
       {Page({"other/a"}), net::Http(200), net::Http(200, "<html/>"), net::Http(204)}) {
    StoreBench bench;
    bench.Script({answer});
    const auto infos = bench.store->List("");
    ASSERT_FALSE(infos);
    EXPECT_EQ(infos.error().origin, "s3:list");
  }
}

TEST_F(S3StoreTest, ListAsksAgainForADamagedPage) {
  Script({Page({"team/a"}, "1"), net::Http(200, "<ListBucketResult><Con"), Page({"team/b"})});
  EXPECT_THAT(KeysOf(*store->List("")), ElementsAre("a", "b"));
}

TEST_F(S3StoreTest, RefusesAConfigurationThatCannotBe) {
  config.region = "";
  EXPECT_FALSE(S3ObjectStore::Open(config, {transport, keys, clock, random, pause}));
}

}  // namespace
}  // namespace revops::store
