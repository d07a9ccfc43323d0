#include "core/base/time_zone.h"

#include <gtest/gtest.h>

namespace revops {
namespace {

TimeZone Zone(std::string_view name) { return TimeZone::Load(name).value(); }
Instant At(std::string_view text) { return ParseInstant(text).value(); }

TEST(TimeZone, NamesTheUnknownZone) {
  const auto zone = TimeZone::Load("Mars/Olympus");
  ASSERT_FALSE(zone);
  EXPECT_EQ(zone.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(zone.error().message.find("Mars/Olympus"), std::string::npos);
  EXPECT_FALSE(TimeZone::Load("../etc/passwd"));
  for (const char* name : {"/etc/localtime", "file:/etc/localtime", "libc:localtime", "UTC "}) {
    EXPECT_FALSE(TimeZone::Load(name)) << name;
  }
}

TEST(TimeZone, TheBusinessDateDependsOnTheZone) {
  const Instant instant = At("2026-11-22T10:30:00Z");
  EXPECT_EQ(TimeZone::Utc().DateAt(instant).ToString(), "2026-11-22");
  EXPECT_EQ(Zone("Pacific/Auckland").DateAt(At("2026-11-22T10:30:00Z")).ToString(), "2026-11-22");
  EXPECT_EQ(Zone("Pacific/Auckland").DateAt(At("2026-11-22T11:30:00Z")).ToString(), "2026-11-23");
  EXPECT_EQ(Zone("America/Los_Angeles").DateAt(At("2026-11-22T07:30:00Z")).ToString(),
            "2026-11-21");
}

TEST(TimeZone, AGapGivesTheFirstInstantAfterIt) {
  const auto lookup = Zone("Europe/Berlin").ToInstant({*Date::Parse("2026-03-29"), 2, 30, 0});
  EXPECT_EQ(lookup.kind, CivilLookup::Kind::kSkipped);
  EXPECT_EQ(ToString(lookup.at), "2026-03-29T01:00:00.000Z");
}

TEST(TimeZone, ARepeatGivesTheFirstOfTheTwo) {
  const auto lookup = Zone("Europe/Berlin").ToInstant({*Date::Parse("2026-10-25"), 2, 30, 0});
  EXPECT_EQ(lookup.kind, CivilLookup::Kind::kRepeated);
  EXPECT_EQ(ToString(lookup.at), "2026-10-25T00:30:00.000Z");
  EXPECT_EQ(ToString(lookup.again_at), "2026-10-25T01:30:00.000Z");
}

}  // namespace
}  // namespace revops
