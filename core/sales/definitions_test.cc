#include "core/sales/definitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::sales {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Definitions, TakeLocalesThatBrowsersTake) {
  for (const char* locale : {"en", "en-GB", "gsw-CH", "zh-Hant", "zh-Hant-TW", "es-419", "EN-gb"}) {
    Definitions definitions;
    definitions.locale = locale;
    EXPECT_THAT(FindProblems(definitions), IsEmpty()) << locale;
  }
}

TEST(Definitions, RefuseLocalesThatBrowsersRefuse) {
  for (const char* locale : {"", "e", "en_GB", "en_GB.UTF-8", "en-", "-GB", "en--GB", "en-G", "C",
                             "english", "en-GB-GB", "en-41", "en GB", "1n", "deutsch-DE"}) {
    Definitions definitions;
    definitions.locale = locale;
    EXPECT_THAT(FindProblems(definitions),
                ElementsAre(AllOf(HasSubstr("locale '" + std::string(locale) + "'"),
                                  HasSubstr("such as en-GB"))))
        << locale;
  }
}

TEST(Definitions, CurrenciesAreThreeLettersOrNone) {
  Definitions definitions;
  EXPECT_THAT(FindProblems(definitions), IsEmpty());
  for (const char* currency : {"EUR", "usd"}) {
    definitions.currency = currency;
    EXPECT_THAT(FindProblems(definitions), IsEmpty()) << currency;
  }
  for (const char* currency : {"", "EU", "XYZW", "E1R", "\u20ac", "EUR "}) {
    definitions.currency = currency;
    EXPECT_THAT(FindProblems(definitions), ElementsAre(HasSubstr("such as EUR"))) << currency;
  }
}

}  // namespace
}  // namespace revops::sales
