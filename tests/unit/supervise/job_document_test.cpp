// SPDX-License-Identifier: Apache-2.0
#include "supervise/job_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::supervise {
namespace {

TEST(JobDocument, RoundTrips) {
  const JobDocument document{"id", {{"A", "1"}, {"TEXT", "two\nlines \"quoted\" größe"}}, "/run/j"};
  const auto read = decode_job_document(encode(document));
  ASSERT_TRUE(read);
  EXPECT_EQ(read.value().job_id, document.job_id);
  EXPECT_EQ(read.value().env, document.env);
  EXPECT_EQ(read.value().job_socket, document.job_socket);
}

TEST(JobDocument, IgnoresWhatALaterVersionAdds) {
  EXPECT_TRUE(decode_job_document(R"({"job_id":"j","env":{},"job_socket":"","more":[1]})"));
}

TEST(JobDocument, NamesTheKeyThatIsWrong) {
  for (const auto& [text, key] : std::initializer_list<std::pair<const char*, const char*>>{
           {"[]", "object"},
           {R"({"env":{},"job_socket":""})", "job_id"},
           {R"({"job_id":1,"env":{},"job_socket":""})", "job_id"},
           {R"({"job_id":"j","job_socket":""})", "env"},
           {R"({"job_id":"j","env":{"N":1},"job_socket":""})", "N"},
           {R"({"job_id":"j","env":{}})", "job_socket"}}) {
    const auto read = decode_job_document(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code(), Errc::Protocol);
    EXPECT_THAT(read.error().message(), testing::HasSubstr(key));
  }
}

}  // namespace
}  // namespace ostler::supervise
