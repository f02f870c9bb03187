// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/agent_api_artifacts.hpp"
#include "wire/agent_api_pipelines.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

/// A body of the protocol as it is written, and what our decoder and encoder make of it.
struct Sample {
  std::string name;
  std::string text;
  Result<std::string> (*round_trip)(std::string_view);
};

template <auto decode>
Result<std::string> round_trip(std::string_view text) {
  OSTLER_TRY(const auto value, decode(text));
  return encode(value);
}

Result<std::string> key_round_trip(std::string_view text) {
  OSTLER_TRY(const auto key, decode_meta_data_key(text));
  return encode_meta_data_key(key);
}

Result<std::string> exists_round_trip(std::string_view text) {
  OSTLER_TRY(const auto exists, decode_exists(text));
  return encode_exists(exists);
}

Result<std::string> keys_round_trip(std::string_view text) {
  OSTLER_TRY(const auto keys, decode_keys(text));
  return encode_keys(keys);
}

const Sample kSamples[] = {
    {"RegisterRequest",
     R"({"name":"%hostname-1","hostname":"ci-7","os":"NAME=\"Debian GNU/Linux\"\n","arch":"amd64",
         "script_eval_enabled":true,"ignore_in_dispatches":false,"priority":"-3",
         "version":"3.137.0","build":"11234","meta_data":["queue=default","os=linux"],"pid":4711,
         "machine_id":"9f","features":["control-plane-otlp-tracing"]})",
     round_trip<decode_register_request>},
    {"RegisterResponse",
     R"({"id":"0198a1c2-0000-4000-8000-000000000001","name":"ci-7-1","access_token":"S",
         "endpoint":"","ping_interval":2,"job_status_interval":5,"heartbeat_interval":60,
         "meta_data":["queue=default"],"request_headers":{"Buildkite-Hello":"x"},
         "lease_seconds":600})",
     round_trip<decode_register_response>},
    {"IdlePing", "{}", round_trip<decode_ping_response>},
    {"Pause", R"({"note":"new disk","timeout_in_minutes":30})", round_trip<decode_pause_request>},
    {"PauseWithoutEnd", "{}", round_trip<decode_pause_request>},
    {"Stop", "{}", round_trip<decode_stop_request>},
    {"StopByForce", R"({"force":true})", round_trip<decode_stop_request>},
    {"PingWithAJob",
     R"({"job":{"id":"0198b000-0000-4000-8000-00000000000a"},"message":"hi","endpoint":"http://x",
         "request_headers":{}})",
     round_trip<decode_ping_response>},
    {"PausingPing", R"({"action":"pause"})", round_trip<decode_ping_response>},
    {"HeartbeatRequest", R"({"sent_at":"2026-01-02T03:04:00.1+01:00"})",
     round_trip<decode_heartbeat_request>},
    {"HeartbeatResponse",
     R"({"sent_at":"2026-01-02T03:04:00.1+01:00","received_at":"2026-01-02T02:04:00Z"})",
     round_trip<decode_heartbeat_response>},
    {"Job",
     R"({"id":"0198b000-0000-4000-8000-00000000000a","state":"accepted","token":"J",
         "chunks_max_size_bytes":102400,"chunks_interval_seconds":1,
         "log_max_size_bytes":1073741824,"runnable_at":"2026-01-02T02:03:58.000000Z","priority":0,
         "step":{"command":"make test","plugins":[{"a#v1":null}]},
         "env":{"CI":"true","BUILDKITE_COMMAND":"make test\n\u00fc"}})",
     round_trip<decode_job>},
    {"StartRequest", R"({"started_at":"2026-01-02T02:04:06.123456000Z"})",
     round_trip<decode_start_request>},
    {"JobState", R"({"state":"canceling"})", round_trip<decode_job_state>},
    {"FinishRequest",
     R"({"exit_status":"0","finished_at":"2026-01-02T02:04:31.500000000Z",
         "chunks_failed_count":0})",
     round_trip<decode_finish_request>},
    {"CancelledFinishRequest",
     R"({"exit_status":"-1","signal":"SIGTERM","signal_reason":"cancel",
         "finished_at":"2026-01-02T02:04:31.500000000Z","chunks_failed_count":2,
         "ignore_agent_in_dispatches":true})",
     round_trip<decode_finish_request>},
    {"MetaDatum", R"({"key":"buildkite:git:commit","value":"commit 3f2a\n"})",
     round_trip<decode_meta_datum>},
    {"MetaDataBatch", R"({"items":[{"key":"a","value":"1"},{"key":"b","value":"2"}]})",
     round_trip<decode_meta_data_batch>},
    {"MetaDataKey", R"({"key":"a"})", key_round_trip},
    {"Exists", R"({"exists":true})", exists_round_trip},
    {"Keys", R"(["a","b"])", keys_round_trip},
    {"ArtifactBatch",
     R"({"id":"b7c1","artifacts":[{"id":"","path":"log/test.txt",
         "absolute_path":"/builds/a/log/test.txt","glob_path":"","file_size":1234,"sha1sum":"aa",
         "sha256sum":"bb","job_id":"","created_at":"0001-01-01T00:00:00.000000Z",
         "content_type":"text/plain"}],"upload_destination":"","multipart_supported":true})",
     round_trip<decode_artifact_batch>},
    {"ArtifactBatchResponse",
     R"({"id":"b7c1","artifact_ids":["a1","a2"],
         "upload_instructions":{"data":{"key":"org/build/${artifact:path}"},
           "action":{"url":"https://u.example/","method":"POST","path":"bucket",
                     "file_input":"file"}},
         "per_artifact_instructions":{"a2":{"actions":[
           {"url":"https://u.example/a2?partNumber=1","method":"PUT","part_number":1},
           {"url":"https://u.example/a2?partNumber=2","method":"PUT","part_number":2}]}}})",
     round_trip<decode_artifact_batch_response>},
    {"ArtifactStates",
     R"({"artifacts":[{"id":"a1","state":"finished"},
         {"id":"a2","state":"finished","multipart":true,
          "multipart_etags":[{"part_number":1,"etag":"\"abc\""}]},
         {"id":"a3","state":"error"}]})",
     round_trip<decode_artifact_states>},
    {"Artifacts",
     R"([{"id":"a1","path":"p","absolute_path":"/p","glob_path":"","file_size":0,"sha1sum":"",
          "sha256sum":"","job_id":"j","created_at":"2026-01-02T02:04:31.500000Z",
          "url":"http://x/y","upload_destination":"s3://b"}])",
     round_trip<decode_artifacts>},
    {"NoArtifacts", "[]", round_trip<decode_artifacts>},
    {"PipelineUploadRequest",
     R"({"uuid":"0198f3a0-1111-7222-8333-444455556666","replace":true,
         "pipeline":{"steps":[{"command":"make lint"}],"env":{"A":"b"}}})",
     round_trip<decode_pipeline_upload_request>},
    {"PipelineUploadStatus", R"({"state":"rejected","message":"no such queue"})",
     round_trip<decode_pipeline_upload_status>},
};

class AgentApiBody : public testing::TestWithParam<Sample> {};

INSTANTIATE_TEST_SUITE_P(Bodies, AgentApiBody, testing::ValuesIn(kSamples),
                         [](const auto& given) { return given.param.name; });

TEST_P(AgentApiBody, ReadsAndWritesTheSameJson) {
  const auto made = GetParam().round_trip(GetParam().text);
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(json::parse(made.value()), json::parse(GetParam().text));
}

TEST_P(AgentApiBody, RefusesWhatIsNotJson) {
  for (const std::string_view text : {"", "<html>", "{", "\"text\"", "7"}) {
    const auto made = GetParam().round_trip(text);
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().code(), Errc::Protocol);
  }
}

TEST(AgentApi, KeepsTheTextsOfNumbersInAnUploadedPipeline) {
  const auto request = decode_pipeline_upload_request(
      R"({"uuid":"0198f3a0-1111-7222-8333-444455556666",
          "pipeline":{"steps": [{"plugins": [{"./p": {"a": 1.10, "b": 18446744073709551616}}]}]}})");
  ASSERT_TRUE(request) << request.error().message();
  EXPECT_EQ(request.value().pipeline,
            R"({"steps":[{"plugins":[{"./p":{"a":1.10,"b":18446744073709551616}}]}]})");
}

TEST(AgentApi, ReadsUuidsOfUploadsInEitherCase) {
  const auto request = decode_pipeline_upload_request(
      R"({"uuid":"0198F3A0-1111-7222-8333-44445555ABCD","pipeline":{}})");
  ASSERT_TRUE(request) << request.error().message();
  EXPECT_EQ(request.value().uuid, "0198f3a0-1111-7222-8333-44445555abcd");
}

TEST(AgentApi, ReadsEveryFieldOfARegistration) {
  const auto request = decode_register_request(kSamples[0].text).value();
  EXPECT_EQ(request.name, "%hostname-1");
  EXPECT_EQ(request.hostname, "ci-7");
  EXPECT_EQ(request.priority, "-3");
  EXPECT_EQ(request.pid, 4711);
  EXPECT_EQ(request.meta_data, (std::vector<std::string>{"queue=default", "os=linux"}));
}

TEST(AgentApi, TakesNullForAnAbsentField) {
  const auto request = decode_register_request(R"({"name":null,"meta_data":null,"pid":null})");
  ASSERT_TRUE(request) << request.error().message();
  EXPECT_TRUE(request.value().meta_data.empty());
}

TEST(AgentApi, NamesTheFieldOfAnotherType) {
  const auto of = [](std::string_view text) { return decode_job(text).error().message(); };
  EXPECT_EQ(of(R"({"id":7})"), "accept answer: field id: expected a string");
  EXPECT_EQ(of(R"({"id":"j","chunks_max_size_bytes":"1"})"),
            "accept answer: field chunks_max_size_bytes: expected an integer");
  EXPECT_EQ(of(R"({"id":"j","chunks_max_size_bytes":1.5})"),
            "accept answer: field chunks_max_size_bytes: expected an integer");
  EXPECT_EQ(of(R"({"id":"j","chunks_max_size_bytes":18446744073709551615})"),
            "accept answer: field chunks_max_size_bytes: expected an integer");
  EXPECT_EQ(of(R"({"id":"j","chunks_max_size_bytes":1,"env":{"A":1}})"),
            "accept answer: field env: expected an object of strings");
  EXPECT_EQ(of(R"({"id":"j"})"),
            "accept answer: field chunks_max_size_bytes: expected a number above 0");
}

TEST(AgentApi, ANumberWhereTextBelongsIsNoExitStatus) {
  EXPECT_FALSE(decode_finish_request(R"({"exit_status":0,"finished_at":"2026-01-02T02:04:31Z"})"));
  EXPECT_FALSE(
      decode_finish_request(R"({"exit_status":"1x","finished_at":"2026-01-02T02:04:31Z"})"));
  EXPECT_FALSE(decode_finish_request(R"({"exit_status":"","finished_at":"2026-01-02T02:04:31Z"})"));
}

TEST(AgentApi, IntervalsAreAtLeastOne) {
  const auto answer = decode_register_response(R"({"id":"a","access_token":"t"})").value();
  EXPECT_EQ(answer.ping_interval, 1);
  EXPECT_EQ(answer.job_status_interval, 1);
  EXPECT_EQ(answer.heartbeat_interval, 1);
  EXPECT_FALSE(answer.lease_seconds);
  EXPECT_FALSE(decode_register_response(R"({"id":"a"})")) << "no token";
}

TEST(AgentApi, APipelineUploadNeedsAUuidAndAnObject) {
  const auto of = [](std::string_view text) {
    const auto request = decode_pipeline_upload_request(text);
    return request ? "none" : request.error().message();
  };
  EXPECT_EQ(of(R"({"uuid":"x/y","pipeline":{}})"), "pipeline upload: field uuid: expected a UUID");
  EXPECT_EQ(of(R"({"uuid":"0198f3a0-1111-7222-8333-444455556666"})"),
            "pipeline upload: field pipeline: expected an object");
  EXPECT_FALSE(decode_pipeline_upload_request(
      R"({"uuid":"0198f3a0-1111-7222-8333-444455556666","pipeline":[]})"));
}

TEST(AgentApi, RefusesJsonThatIsNestedWithoutEnd) {
  const std::string deep = R"({"uuid":"0198f3a0-1111-7222-8333-444455556666","pipeline":{"a":)" +
                           std::string(1'000'000, '[') + std::string(1'000'000, ']') + "}}";
  const auto request = decode_pipeline_upload_request(deep);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().code(), Errc::Protocol);
  EXPECT_TRUE(decode_pipeline_upload_request(
      R"({"uuid":"0198f3a0-1111-7222-8333-444455556666","pipeline":{"a":")" +
      std::string(1'000, '[') + R"(\""}})"));
}

TEST(AgentApi, RefusesNumbersThatAreTooLarge) {
  const std::string numbers[] = {"1e999", "-1e999", std::string(400, '9')};
  for (const std::string& number : numbers) {
    const auto request = decode_pipeline_upload_request(
        R"({"uuid":"0198f3a0-1111-7222-8333-444455556666","pipeline":{"a":)" + number + "}}");
    ASSERT_FALSE(request) << number;
    EXPECT_EQ(request.error().code(), Errc::Protocol);
    EXPECT_EQ(request.error().message(), "pipeline upload has a number that is too large");
  }
}

TEST(AgentApi, AnUnknownActionIsIdle) {
  const auto answer = decode_ping_response(R"({"action":"dance","job":{"id":""}})").value();
  EXPECT_EQ(answer.action, PingAction::Idle);
  EXPECT_FALSE(answer.job_id) << "an empty id is no job";
}

TEST(AgentApi, AnUnknownStateAsksForNothing) {
  EXPECT_EQ(decode_job_state(R"({"state":"dancing"})").value().state, JobState::Other);
  EXPECT_EQ(decode_job_state("{}").value().state, JobState::Other);
  EXPECT_EQ(decode_pipeline_upload_status(R"({"state":"dancing"})").value().state,
            PipelineUploadState::Other);
}

TEST(AgentApi, WritesBytesThatAreNotUtf8AsReplacementCharacters) {
  Job job;
  job.id = "j";
  job.chunks_max_size_bytes = 1;
  job.env["A"] =
      "a\xff"
      "b";
  EXPECT_EQ(decode_job(encode(job)).value().env["A"],
            "a\xef\xbf\xbd"
            "b");
}

TEST(AgentApi, QuotesAnErrorThatIsNotJson) {
  EXPECT_EQ(decode_message(encode_message("no \"such\" job")), "no \"such\" job");
  EXPECT_EQ(decode_message("<html>busy</html>"), "<html>busy</html>");
  EXPECT_EQ(decode_message(std::string(10'000, 'x')).size(), 512u);
}

}  // namespace
}  // namespace ostler::wire
