// SPDX-License-Identifier: Apache-2.0
#include "wire/graphql.hpp"

#include <gtest/gtest.h>

#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

TEST(GraphqlText, MeansTheSameHoweverItIsWritten) {
  const std::string wanted =
      "query A ( $ a : ID ! $ b : Int ) { x ( y : $ a ) { id ... on B { c } } }";
  EXPECT_EQ(normalised_graphql("query A($a: ID!, $b: Int) { x(y: $a) { id ... on B { c } } }"),
            wanted);
  EXPECT_EQ(
      normalised_graphql("\n# one\nquery A ($a:ID!,$b:Int,) {\r\n\tx(y:$a) {\n\t\t__typename\n"
                         "\t\tid # two\n...on B{c}}}\n#"),
      wanted);
  EXPECT_NE(normalised_graphql("query A($a: ID!, $b: Int) { x(y: $b) { id ... on B { c } } }"),
            wanted);
}

TEST(GraphqlText, KeepsTextsAsTheyAre) {
  EXPECT_EQ(normalised_graphql("{a(b:\"# c,  \\\" d\")}"), "{ a ( b : \"# c,  \\\" d\" ) }");
  EXPECT_EQ(normalised_graphql("{a(b:\"open\\"), "{ a ( b : \"open\\");
  EXPECT_EQ(normalised_graphql(""), "");
}

TEST(GraphqlRequest, HasTextsAndTheIdsOfInputs) {
  const auto request =
      decode_graphql_request(
          R"({"query":"q","variables":{"a":"x","i":{"id":"y"},"n":null,"l":["a",null,7],"e":[],"b":false}})")
          .value();
  EXPECT_EQ(request.query, "q");
  EXPECT_EQ(request.variable("a"), "x");
  EXPECT_EQ(request.variable("i"), "y");
  EXPECT_EQ(request.variable("n"), "");
  EXPECT_EQ(request.variable("b"), "false");
  EXPECT_EQ(request.list("l"), (std::vector<std::string>{"a", "7"}));
  EXPECT_EQ(request.list("a"), std::vector<std::string>{"x"});
  EXPECT_FALSE(request.has("e"));
  EXPECT_FALSE(request.has("n"));
  for (const char* wrong : {"", "[]", "{}", R"({"query":7})", R"({"query":"q","variables":[]})"}) {
    EXPECT_FALSE(decode_graphql_request(wrong)) << wrong;
  }
}

TEST(GraphqlRequest, KnowsWhichFieldsItsDocumentAsksFor) {
  const auto request =
      decode_graphql_request(R"({"query":"{ a(clusterQueue: 1) { \"label\" b } # c"})").value();
  EXPECT_TRUE(request.asks_for("b"));
  EXPECT_FALSE(request.asks_for("c"));
  EXPECT_FALSE(request.asks_for("cluster"));
  EXPECT_FALSE(request.asks_for("label"));
}

TEST(GraphqlId, HoldsAUuidOfItsKind) {
  const Uuid uuid = Uuid::make();
  EXPECT_EQ(uuid_of_graphql_id(graphql_id("Job", uuid), "Job"), uuid);
  EXPECT_EQ(uuid_of_graphql_id(uuid.str(), "Job"), uuid);
  for (const std::string& id :
       {graphql_id("Build", uuid), std::string("x"), std::string(), std::string("Sm9iLS0t")}) {
    EXPECT_FALSE(uuid_of_graphql_id(id, "Job")) << id;
  }
}

TEST(GraphqlStates, AreUpperCaseAndDoNotTellPassedFromFailed) {
  EXPECT_EQ(graphql_job_state("waiting_failed"), "WAITING_FAILED");
  EXPECT_EQ(graphql_job_state("passed"), "FINISHED");
  EXPECT_EQ(graphql_job_state("failed"), "FINISHED");
  EXPECT_EQ(graphql_build_state("passed"), "PASSED");
}

}  // namespace
}  // namespace ostler::wire
