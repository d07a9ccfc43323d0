#include "core/mapping/vocabulary.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

using Names = std::span<const std::string_view>;

// Names without blanks and marks, the best first. Of Salesforce, HubSpot, Dynamics 365, Pipedrive
// and spreadsheets; then the common words of German, French, Spanish and Italian.
constexpr std::string_view kIds[] = {"saleid",
                                     "opportunityid",
                                     "dealid",
                                     "recordid",
                                     "hsobjectid",
                                     "pipedrivesystemid",
                                     "id",
                                     "opportunitynumber",
                                     "dealnumber",
                                     "caseid",
                                     "ordernumber",
                                     "orderid",
                                     "invoicenumber",
                                     "number",
                                     "nr",
                                     "no",
                                     "nummer",
                                     "auftragsnummer",
                                     "angebotsnummer",
                                     "numero",
                                     "numéro",
                                     "número",
                                     "reference",
                                     "référence",
                                     "referencia",
                                     "ref"};
constexpr std::string_view kProducts[] = {
    "product",  "productname", "productfamily", "productline", "lineofbusiness",
    "solution", "service",     "products",      "item",        "productinterest",
    "sku",      "produkt",     "artikel",       "produit",     "producto",
    "prodotto", "article"};
constexpr std::string_view kRegions[] = {"region",
                                         "salesregion",
                                         "territory",
                                         "territoryname",
                                         "salesterritory",
                                         "geo",
                                         "geography",
                                         "area",
                                         "market",
                                         "country",
                                         "countryregion",
                                         "billingcountry",
                                         "billingstateprovince",
                                         "shippingcountry",
                                         "state",
                                         "location",
                                         "land",
                                         "gebiet",
                                         "région",
                                         "pays",
                                         "región",
                                         "país",
                                         "regione",
                                         "paese"};
constexpr std::string_view kAmounts[] = {"amount",
                                         "dealamount",
                                         "opportunityamount",
                                         "dealvalue",
                                         "value",
                                         "amountincompanycurrency",
                                         "amountconverted",
                                         "estrevenue",
                                         "estimatedrevenue",
                                         "actualrevenue",
                                         "totalamount",
                                         "total",
                                         "revenue",
                                         "saleamount",
                                         "salesamount",
                                         "price",
                                         "acv",
                                         "tcv",
                                         "arr",
                                         "betrag",
                                         "wert",
                                         "summe",
                                         "umsatz",
                                         "auftragswert",
                                         "montant",
                                         "valeur",
                                         "importe",
                                         "monto",
                                         "valor",
                                         "importo"};
constexpr std::string_view kStages[] = {"stage",
                                        "stagename",
                                        "dealstage",
                                        "opportunitystage",
                                        "salesstage",
                                        "pipelinestage",
                                        "pipelinephase",
                                        "salesphase",
                                        "phase",
                                        "verkaufsphase",
                                        "vertriebsphase",
                                        "étape",
                                        "etape",
                                        "etapa",
                                        "fase",
                                        "forecastcategory",
                                        "forecastcategoryname"};
constexpr std::string_view kCustomers[] = {"customername",
                                           "customer",
                                           "accountname",
                                           "account",
                                           "company",
                                           "companyname",
                                           "associatedcompany",
                                           "associatedcompanyprimary",
                                           "organization",
                                           "organisation",
                                           "organizationname",
                                           "potentialcustomer",
                                           "client",
                                           "clientname",
                                           "kunde",
                                           "kundenname",
                                           "firma",
                                           "unternehmen",
                                           "entreprise",
                                           "société",
                                           "cliente",
                                           "empresa",
                                           "azienda",
                                           "contact",
                                           "contactperson",
                                           "opportunityname",
                                           "dealname",
                                           "topic",
                                           "title",
                                           "deal",
                                           "opportunity",
                                           "name"};
constexpr std::string_view kDates[] = {"saledate",
                                       "closedate",
                                       "closeddate",
                                       "expectedclosedate",
                                       "estclosedate",
                                       "estimatedclosedate",
                                       "actualclosedate",
                                       "closingdate",
                                       "wontime",
                                       "dealclosedon",
                                       "closedon",
                                       "orderdate",
                                       "invoicedate",
                                       "date",
                                       "abschlussdatum",
                                       "abschluss",
                                       "auftragsdatum",
                                       "datum",
                                       "datedeclôture",
                                       "dateclôture",
                                       "datedecloture",
                                       "fechadecierre",
                                       "fecha",
                                       "datachiusura",
                                       "data",
                                       "createdate",
                                       "createddate",
                                       "createdon",
                                       "dealcreated",
                                       "creationdate"};
constexpr std::string_view kStatuses[] = {
    "status", "dealstatus", "opportunitystatus", "outcome",    "result", "statuscode", "statut",
    "estado", "stato",      "ergebnis",          "salesstatus"};

constexpr std::array<Names, kFieldCount> kFieldNames = {kIds,    kProducts,  kRegions, kAmounts,
                                                        kStages, kCustomers, kDates,   kStatuses};

constexpr std::array<std::pair<std::string_view, std::string_view>, 31> kDimensions = {{
    {"opportunityowner", "OWNER"},
    {"dealowner", "OWNER"},
    {"owner", "OWNER"},
    {"ownerid", "OWNER"},
    {"ownername", "OWNER"},
    {"salesrep", "OWNER"},
    {"salesperson", "OWNER"},
    {"accountexecutive", "OWNER"},
    {"verkäufer", "OWNER"},
    {"besitzer", "OWNER"},
    {"propriétaire", "OWNER"},
    {"propietario", "OWNER"},
    {"ownerrole", "TEAM"},
    {"team", "TEAM"},
    {"salesteam", "TEAM"},
    {"hubspotteam", "TEAM"},
    {"segment", "SEGMENT"},
    {"customersegment", "SEGMENT"},
    {"marketsegment", "SEGMENT"},
    {"type", "DEAL_TYPE"},
    {"dealtype", "DEAL_TYPE"},
    {"opportunitytype", "DEAL_TYPE"},
    {"industry", "INDUSTRY"},
    {"branche", "INDUSTRY"},
    {"leadsource", "LEAD_SOURCE"},
    {"source", "LEAD_SOURCE"},
    {"originalsource", "LEAD_SOURCE"},
    {"originalsourcetype", "LEAD_SOURCE"},
    {"sourcechannel", "LEAD_SOURCE"},
    {"pipeline", "SALES_PIPELINE"},
    {"channel", "CHANNEL"},
}};

struct WordMeaning {
  std::string_view part;
  sales::Status status;
};

/// Words, or beginnings of words; the first that is there decides.
constexpr WordMeaning kMeanings[] = {
    {"lost", sales::Status::kLost},         {"closedlost", sales::Status::kLost},
    {"verloren", sales::Status::kLost},     {"perdu", sales::Status::kLost},
    {"perdid", sales::Status::kLost},       {"perso ", sales::Status::kLost},
    {"persa ", sales::Status::kLost},       {"omitted", sales::Status::kLost},
    {"cancel", sales::Status::kLost},       {"abandon", sales::Status::kLost},
    {"disqualified", sales::Status::kLost}, {"rejected", sales::Status::kLost},
    {"out-sold", sales::Status::kLost},     {"dead ", sales::Status::kLost},
    {"abgelehnt", sales::Status::kLost},    {"storniert", sales::Status::kLost},
    {"won ", sales::Status::kWon},          {"closedwon", sales::Status::kWon},
    {"gewonnen", sales::Status::kWon},      {"gagn", sales::Status::kWon},
    {"ganad", sales::Status::kWon},         {"vinto ", sales::Status::kWon},
    {"vinta ", sales::Status::kWon},
};

/// Stages in the order in which they come, those that mean the same in one place.
constexpr std::string_view kOpenStages[] = {
    "new",
    "lead",
    "lead in",
    "prospecting",
    "prospect",
    "target",
    "inquiry",
    "qualification",
    "qualified",
    "qualify",
    "appointment scheduled",
    "appointmentscheduled",
    "contact made",
    "qualified to buy",
    "qualifiedtobuy",
    "discovery",
    "needs analysis",
    "needs defined",
    "develop",
    "demo scheduled",
    "demo",
    "presentation scheduled",
    "presentationscheduled",
    "value proposition",
    "id. decision makers",
    "perception analysis",
    "decision maker bought-in",
    "decisionmakerboughtin",
    "propose",
    "proposal",
    "proposal made",
    "proposal/price quote",
    "quote",
    "angebot",
    "negotiation",
    "negotiations started",
    "negotiation/review",
    "verhandlung",
    "contract sent",
    "contractsent",
    "contract",
    "verbal commitment",
    "commit",
    "close",
};

constexpr std::string_view kOpenWords[] = {
    "open",           "in progress", "active",   "pipeline", "best case",   "offen",   "ouvert",
    "ouverte",        "abierto",     "abierta",  "aperto",   "aperta",      "on hold", "pending",
    "in bearbeitung", "en cours",    "en curso", "in corso", "most likely", "upside"};

constexpr std::string_view kClosedWords[] = {"closed",  "geschlossen", "abgeschlossen", "fermé",
                                             "cerrado", "chiuso",      "completed",     "done"};

bool is_one_of(Names names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// "negotiation (80 %)" → "negotiation", "3 - proposal" → "proposal".
std::string_view WithoutTrimmings(std::string_view word) {
  if (const auto at = word.find('('); at != std::string_view::npos && at > 0) {
    word = word.substr(0, at);
  }
  const auto letter = word.find_first_not_of("0123456789 .-:%");
  if (letter != std::string_view::npos) word.remove_prefix(letter);
  return sales::Trim(word);
}

bool is_negated(std::string_view before) {
  constexpr std::string_view kNegations[] = {" not", " nicht", " pas", " no", " non"};
  return std::any_of(std::begin(kNegations), std::end(kNegations),
                     [before](std::string_view one) { return before.ends_with(one); });
}

/// "Étape" → "étape": the capitals of Latin-1, two bytes in UTF-8 that differ in the second one.
void FoldAccents(std::string& text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const auto second = static_cast<unsigned char>(text[i]);
    if (text[i - 1] == '\xC3' && second >= 0x80 && second <= 0x9E && second != 0x97) {
      text[i] = static_cast<char>(second + 0x20);
    }
  }
}

}  // namespace

std::string PlainName(std::string_view name) {
  std::string folded = sales::Fold(sales::Trim(name));
  FoldAccents(folded);
  // Dynamics 365 puts the key of a row first in its workbooks, under the table's name.
  if (folded == "(do not modify) opportunity") return "opportunityid";
  for (const std::string_view prefix : {"deal - ", "opportunity: ", "(do not modify) "}) {
    if (folded.starts_with(prefix)) folded.erase(0, prefix.size());
  }
  // "Amount (EUR)": what stands in brackets says more of the values than of their meaning.
  if (const auto at = folded.find('('); at != std::string::npos && at > 0) folded.resize(at);
  std::erase_if(folded, [](char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    return !is_letter && (c < '0' || c > '9');
  });
  return folded;
}

int NameScore(std::string_view plain_name, Field field) {
  constexpr int kBest = 100;
  const Names names = kFieldNames[static_cast<std::size_t>(field)];
  const auto found = std::find(names.begin(), names.end(), plain_name);
  if (found == names.end()) return 0;
  return kBest - static_cast<int>(found - names.begin());
}

std::string_view DimensionNamed(std::string_view plain_name) {
  for (const auto& [name, dimension] : kDimensions) {
    if (name == plain_name) return dimension;
  }
  return {};
}

bool is_probability(std::string_view plain_name) {
  constexpr std::string_view kNames[] = {"probability", "dealprobability", "wahrscheinlichkeit",
                                         "probabilité", "probabilidad",    "probabilità"};
  return is_one_of(kNames, plain_name);
}

bool is_currency_column(std::string_view plain_name) {
  constexpr std::string_view kNames[] = {"currency",
                                         "currencyisocode",
                                         "transactioncurrency",
                                         "amountcurrency",
                                         "dealcurrencycode",
                                         "currencycode",
                                         "währung",
                                         "devise",
                                         "moneda",
                                         "valuta",
                                         "opportunitycurrency",
                                         "dealcurrency",
                                         "currencyofvalue"};
  return is_one_of(kNames, plain_name);
}

bool is_converted_amount(std::string_view name) {
  // Salesforce, Dynamics 365; HubSpot.
  const std::string folded = sales::Fold(sales::Trim(name));
  return folded.ends_with("(converted)") || folded.ends_with("(base)") ||
         folded == "amount in company currency";
}

Flag FlagNamed(std::string_view plain_name) {
  if (plain_name == "isclosed" || plain_name == "closed") return Flag::kClosed;
  if (plain_name == "iswon" || plain_name == "won" || plain_name == "isclosedwon") {
    return Flag::kWon;
  }
  return plain_name == "isclosedlost" || plain_name == "islost" ? Flag::kLost : Flag::kNone;
}

bool is_yes(std::string_view word) {
  constexpr std::string_view kYes[] = {"true", "1", "yes", "y", "x", "ja", "oui", "wahr", "vrai"};
  return is_one_of(kYes, sales::Fold(word));
}

std::optional<sales::Status> StatusOfWord(std::string_view folded_word) {
  // Marks become blanks, so that every word stands between two of them.
  std::string words = " " + std::string(folded_word) + " ";
  for (char& c : words) {
    if (c == '(' || c == ')' || c == '/' || c == ':' || c == ',' || c == '_') c = ' ';
  }
  for (const WordMeaning& meaning : kMeanings) {
    const auto at = words.find(" " + std::string(meaning.part));
    if (at == std::string::npos) continue;
    // "Not won" may be lost or open still.
    if (is_negated(std::string_view(words).substr(0, at))) return std::nullopt;
    return meaning.status;
  }
  const std::string_view word = WithoutTrimmings(folded_word);
  if (is_one_of(kClosedWords, word)) return sales::Status::kClosed;
  if (is_one_of(kOpenWords, word) || is_one_of(kOpenStages, word)) return sales::Status::kOpen;
  return std::nullopt;
}

std::optional<int> StageRank(std::string_view folded_word) {
  constexpr int kWonRank = 1'000;
  constexpr int kLostRank = 1'001;
  const std::string_view word = WithoutTrimmings(folded_word);
  const auto status = StatusOfWord(folded_word);
  if (status == sales::Status::kWon || status == sales::Status::kClosed) return kWonRank;
  if (status == sales::Status::kLost) return kLostRank;
  const auto* const found = std::find(std::begin(kOpenStages), std::end(kOpenStages), word);
  if (found == std::end(kOpenStages)) return std::nullopt;
  return static_cast<int>(found - std::begin(kOpenStages));
}

}  // namespace revops::mapping
