// SPDX-License-Identifier: Apache-2.0
// The events of a build and the log of a job as streams. Source: agent/docs/events.md.
#include <csignal>

#include "files/file.hpp"
#include "net/server_events.hpp"
#include "scripted_agent.hpp"
#include "support/raw_connection.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::RawConnection;

/// One stream, opened and read by hand.
class EventStream {
 public:
  EventStream(const support::HubProcess& hub, const std::string& path, const std::string& last = "")
      : connection_(RawConnection::to_port(hub.port())) {
    const auto token = files::read_file(hub.data() / "api-token").value();
    connection_.send("GET /v2/organizations/ostler" + path +
                     " HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer " +
                     token.substr(0, token.find('\n')) + "\r\n" +
                     (last.empty() ? "" : "Last-Event-ID: " + last + "\r\n") + "\r\n");
    head_ = connection_.read_head();
  }

  const std::string& head() const { return head_; }
  int status() const { return support::status_in(head_); }

  /// What comes next, as it comes.
  std::string chunk() { return connection_.read_chunk(); }
  /// The next event; none at the end of the stream.
  std::optional<net::ServerEvent> next() {
    while (events_.empty()) {
      const std::string chunk = connection_.read_chunk();
      if (chunk.empty()) return std::nullopt;
      const auto some = reader_.feed(chunk);
      events_.insert(events_.end(), some.begin(), some.end());
    }
    auto event = events_.front();
    events_.erase(events_.begin());
    return event;
  }
  /// The ids and states of what follows, up to that state of the build or the job: "3 accepted".
  std::vector<std::string> to(const std::string& state) {
    std::vector<std::string> told;
    while (const auto event = next()) {
      const json data = json::parse(event->data);
      told.push_back(event->id + " " + state_in(event->name, data));
      if (told.back().ends_with(" " + state)) break;
    }
    return told;
  }
  /// The text of a log up to its end, or until it has `size` bytes.
  std::string text(std::size_t size = std::string::npos) {
    std::string text;
    while (text.size() < size) {
      const auto event = next();
      if (!event || event->name == "end") break;
      last_ = event->id;
      text += json::parse(event->data)["text"].get<std::string>();
    }
    return text;
  }
  const std::string& last() const { return last_; }

 private:
  static std::string state_in(const std::string& name, const json& data) {
    if (name == "end") return "end";
    return data[name].value("state", name);
  }

  RawConnection connection_;
  net::ServerEventReader reader_;
  std::vector<net::ServerEvent> events_;
  std::string head_;
  std::string last_;
};

using Told = std::vector<std::string>;

class EventStreams : public HubTest {
 protected:
  std::string events_path() const { return "/pipelines/" + pipeline_ + "/builds/1/events"; }
  static std::string log_path(const std::string& job) { return "/jobs/" + job + "/log/stream"; }
};

TEST_F(EventStreams, BringABuildsEventsAsTheyHappenAndEndWithIt) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  EventStream stream(hub_, events_path());
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(stream.status(), 200);
  EXPECT_NE(stream.head().find("Content-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_EQ(stream.to("scheduled"), Told{"1 scheduled"});
  EXPECT_EQ(stream.to("scheduled"), Told{"2 scheduled"});
  agent.accept(job);
  EXPECT_EQ(stream.to("accepted"), Told{"3 accepted"});
  agent.start(job);
  EXPECT_EQ(stream.to("running"), Told{"4 running"});
  EXPECT_EQ(stream.to("running"), Told{"5 running"});
  agent.finish(job, "3");
  EXPECT_EQ(stream.to("end"), (Told{"6 failed", "7 failed", "7 end"}));
  EXPECT_EQ(stream.next(), std::nullopt);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(12))
      << "it is woken, it does not look again at its heartbeats";
}

TEST_F(EventStreams, GoOnWhereAClientWasAcrossKillsWithoutLossOrRepetition) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  Told told;
  {
    EventStream stream(hub_, events_path());
    agent.accept(job);
    told = stream.to("accepted");
  }
  hub_.kill();
  hub_.start_again();
  agent.start(job);
  EventStream resumed(hub_, events_path(), "3");
  const Told later = resumed.to("running");
  told.insert(told.end(), later.begin(), later.end());
  hub_.kill();
  while (resumed.next()) {
  }
  hub_.start_again();
  agent.finish(job);
  const Told last = EventStream(hub_, events_path(), "4").to("end");
  told.insert(told.end(), last.begin(), last.end());
  EXPECT_EQ(told, EventStream(hub_, events_path()).to("end"));
  EXPECT_EQ(told.back(), "7 end");
}

TEST_F(EventStreams, TellAClientThatHasAllNotToComeBack) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  agent.accept(job);
  agent.start(job);
  agent.finish(job);
  EXPECT_EQ(EventStream(hub_, events_path(), "7").status(), 204);
  EXPECT_EQ(EventStream(hub_, events_path() + "?last_event_id=6").to("end"),
            (Told{"7 passed", "7 end"}));
  EXPECT_EQ(EventStream(hub_, events_path(), "99").to("end").size(), 8u) << "of another store";
  EXPECT_EQ(EventStream(hub_, events_path(), "x").status(), 400);
  EXPECT_EQ(EventStream(hub_, "/pipelines/" + pipeline_ + "/builds/9/events").status(), 404);
}

TEST_F(EventStreams, BringEachOfManyListenersEverything) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  std::vector<std::unique_ptr<EventStream>> streams;
  for (int i = 0; i < 50; ++i) {
    streams.push_back(std::make_unique<EventStream>(hub_, events_path()));
  }
  agent.accept(job);
  streams.erase(streams.begin(), streams.begin() + 5);  // who is gone takes nobody's news along
  agent.start(job);
  agent.finish(job);
  for (const auto& stream : streams) EXPECT_EQ(stream->to("end").size(), 8u);
}

TEST_F(EventStreams, BringALongHistoryWhole) {
  std::string yaml = "steps:\n";
  for (int i = 0; i < 450; ++i) yaml += "  - command: a\n";
  pipeline_ = hub_.make_pipeline("long", yaml);
  hub_.make_build(pipeline_);
  EventStream stream(hub_, events_path());
  for (int id = 1; id <= 451; ++id) ASSERT_EQ(stream.next()->id, std::to_string(id));
  hub_.rest("PUT", "/organizations/ostler/pipelines/" + pipeline_ + "/builds/1/cancel");
  for (int id = 452; id <= 902; ++id) ASSERT_EQ(stream.next()->id, std::to_string(id));
  EXPECT_EQ(stream.next()->name, "end");
}

TEST_F(EventStreams, EndProperlyWhenTheHubStops) {
  make_job();
  EventStream stream(hub_, events_path());
  stream.next();
  stream.next();
  hub_.program().signal(SIGTERM);
  EXPECT_EQ(stream.next(), std::nullopt);
  EXPECT_EQ(hub_.program().wait(std::chrono::seconds(20)), 0);
}

TEST_F(EventStreams, TheBuildSaysWhereToBegin) {
  make_job();
  const auto answer =
      hub_.rest("GET", "/organizations/ostler/pipelines/" + pipeline_ + "/builds/1");
  EXPECT_EQ(answer.headers.at("ostler-last-event-id"), "2");
}

TEST_F(EventStreams, BringALogAsItGrowsAndEndWithIt) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  EventStream stream(hub_, log_path(job));
  agent.accept(job);
  agent.start(job);
  agent.chunk(job, 1, 0, "one\n");
  EXPECT_EQ(stream.text(4), "one\n");
  agent.chunk(job, 3, 8, "tri\n");
  agent.chunk(job, 2, 4, "two\n");
  EXPECT_EQ(stream.text(8), "two\ntri\n");
  EXPECT_EQ(stream.last(), "12");
  agent.finish(job);
  const auto end = stream.next();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->name, "end");
  EXPECT_EQ(json::parse(end->data)["size"], 12);
  EXPECT_EQ(stream.next(), std::nullopt);
  EXPECT_EQ(EventStream(hub_, log_path(job), "12").status(), 204);
}

TEST_F(EventStreams, GoOnInALogAcrossAKillAndCutNoCharacter) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  agent.accept(job);
  agent.start(job);
  const std::string log =
      "gr\xC3\xBC\xC3\x9F"
      "e\xFF\n";
  agent.chunk(job, 1, 0, log.substr(0, 3));
  EventStream first(hub_, log_path(job));
  const std::string begin = first.text(2);
  EXPECT_EQ(begin, "gr");
  hub_.kill();
  hub_.start_again();
  agent.chunk(job, 2, 3, log.substr(3));
  agent.finish(job);
  EXPECT_EQ(begin + EventStream(hub_, log_path(job), first.last()).text(),
            "gr\xC3\xBC\xC3\x9F"
            "e\xEF\xBF\xBD\n");
}

TEST_F(EventStreams, BringALongLogWholeWhereverItsPiecesEnd) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  agent.accept(job);
  agent.start(job);
  std::string log;
  for (int i = 0; log.size() < 900'000; ++i) {
    log += std::to_string(i) + " \xC3\xBC\xE2\x82\xAC\xF0\x9F\x9A\x80\n";
  }
  ASSERT_EQ(agent.chunk(job, 1, 0, log).status, 200);
  ASSERT_EQ(agent.chunk(job, 2, log.size(), log).status, 200);
  agent.finish(job);
  EventStream stream(hub_, log_path(job));
  EXPECT_TRUE(stream.text() == log + log);
  EXPECT_EQ(stream.last(), std::to_string(2 * log.size()));
}

TEST_F(EventStreams, SayThatTheyLiveWhenNothingHappens) {
  const std::string job = make_job();
  EventStream events(hub_, events_path(), "2");
  EventStream log(hub_, log_path(job));
  for (EventStream* const stream : {&events, &log}) {
    EXPECT_EQ(stream->chunk(), "retry: 1000\n\n");
    EXPECT_EQ(stream->chunk(), ":\n\n");
  }
}

TEST_F(EventStreams, BeginNearTheEndOfALogWhereThatIsWanted) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  agent.accept(job);
  agent.start(job);
  agent.chunk(job, 1, 0, "first line\nsecond line\nthird\n");
  agent.finish(job);
  EXPECT_EQ(EventStream(hub_, log_path(job) + "?tail=10").text(), "third\n");
  EXPECT_EQ(EventStream(hub_, log_path(job) + "?tail=1000").text(),
            "first line\nsecond line\nthird\n");
  EXPECT_EQ(EventStream(hub_, log_path(job) + "?tail=-1").status(), 400);
}

TEST_F(EventStreams, EndTheLogOfAJobThatNeverRan) {
  const std::string job = make_job();
  EventStream stream(hub_, log_path(job));
  hub_.rest("PUT", "/organizations/ostler/pipelines/" + pipeline_ + "/builds/1/cancel");
  const auto end = stream.next();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->name, "end");
}

TEST(LogStreams, SayNothingOfBytesThatAreDropped) {
  const support::TempDirectory directory;
  support::HubProcess hub(directory.path(), {"--max-log-size", "4KB"});
  ScriptedAgent agent(hub);
  const std::string pipeline = hub.make_pipeline("app", "steps: [{command: a}]");
  const std::string job = hub.build(pipeline, hub.make_build(pipeline))["jobs"][0]["id"];
  agent.accept(job);
  agent.start(job);
  ASSERT_EQ(agent.chunk(job, 1, 0, std::string(5000, 'x')).status, 200);
  const auto begin = std::chrono::steady_clock::now();
  EventStream stream(hub, "/jobs/" + job + "/log/stream");
  std::string told;
  const auto read_to = [&](std::string_view end) {
    while (told.find(end) == told.npos) {
      const std::string chunk = stream.chunk();
      if (chunk.empty()) break;
      told += chunk;
    }
  };
  read_to("is not kept");
  const std::size_t before = told.size();
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(
        agent.chunk(job, 3 + i, 5000 + 10 * static_cast<std::size_t>(i), "and so on\n").status,
        200);
  }
  agent.finish(job);
  read_to("event: end");
  int heartbeats = 0;
  for (auto at = told.find(":\n\n", before); at != told.npos; at = told.find(":\n\n", at + 1)) {
    ++heartbeats;
  }
  EXPECT_LE(heartbeats, (std::chrono::steady_clock::now() - begin) / std::chrono::seconds(15))
      << "a stream is silent for so long before it says that it lives: " << told;
  EXPECT_NE(told.find("more bytes were dropped"), told.npos) << told;
}

}  // namespace
}  // namespace ostler
