// SPDX-License-Identifier: Apache-2.0
// What ostler_http_send() makes of a server that is busy, by a clock that only sleeps and the
// server move on.
#include <gtest/gtest.h>
#include <ostler/http.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace ostler {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct Answer {
  std::string head = {};  ///< without a name: "503" and headers
  ostler_status_t status = OSTLER_OK;
  std::int64_t takes_ns = 0;
};

Answer busy(const std::string& retry_after) { return {"503\nRetry-After: " + retry_after + "\n"}; }

void keep(const ostler_sink_t* sink, ostler_text_t text) {
  static_cast<std::string*>(sink->context)->assign(text.data, text.size);
}

ostler_sink_t sink_into(std::string& text) { return {sizeof(ostler_sink_t), 0, &text, keep}; }

/// A host with one server, whose answers stand in order; then it is there.
class BusyHost {
 public:
  explicit BusyHost(std::vector<Answer> answers) : answers_(std::move(answers)) {
    request_.struct_size = sizeof request_;
    request_.method = text("GET");
    request_.url = text("https://a.example/");
    request_.most_attempts = 3;
    current = this;
  }

  ostler_status_t send() {
    const ostler_sink_t head = sink_into(head_);
    const ostler_sink_t error = sink_into(error_);
    return ostler_http_send(&host_, &request_, &head, &error);
  }

  static ostler_text_t text(const char* text) { return {text, std::strlen(text)}; }

  ostler_http_request_t request_{};
  std::string head_;
  std::string error_;
  std::int64_t ticks_ = 7 * kSecond;
  std::int64_t slept_ns_ = 0;
  bool is_cancelled_ = false;
  std::size_t sent_ = 0;
  std::vector<std::string> open_;    ///< names of answers
  std::vector<std::string> totals_;  ///< deadlines that the host was told
  std::vector<std::string> files_;   ///< that it was to send

 private:
  static ostler_status_t sleep(const ostler_host_t*, std::int64_t ns) {
    if (current->is_cancelled_) return OSTLER_CANCELLED;
    current->ticks_ += ns;
    current->slept_ns_ += ns;
    return OSTLER_OK;
  }
  static std::int64_t ticks(const ostler_host_t*) {
    EXPECT_FALSE(current->is_in_sink_) << "a sink asks the clock, which abi.h forbids";
    return current->ticks_;
  }
  void give(const ostler_sink_t* sink, const std::string& text) {
    is_in_sink_ = true;
    sink->take(sink, {text.data(), text.size()});
    is_in_sink_ = false;
  }
  static ostler_status_t call(const ostler_host_t*, ostler_text_t method,
                              const ostler_text_t* arguments, std::uint64_t count,
                              const ostler_sink_t* value, const ostler_sink_t* error) {
    if (std::string(method.data, method.size) == "ostler.http/1/close") {
      std::erase(current->open_, std::string(arguments[0].data, arguments[0].size));
      return OSTLER_OK;
    }
    current->totals_.emplace_back(arguments[4].data, arguments[4].size);
    current->files_.emplace_back(count == 7 ? std::string(arguments[6].data, arguments[6].size)
                                            : std::to_string(count) + " arguments");
    return current->answer(value, error);
  }
  ostler_status_t answer(const ostler_sink_t* value, const ostler_sink_t* error) {
    const Answer answer = sent_ < answers_.size() ? answers_[sent_] : Answer{"200\n"};
    ++sent_;
    ticks_ += answer.takes_ns;
    if (answer.status != OSTLER_OK) {
      give(error, "away");
      return answer.status;
    }
    open_.push_back("7." + std::to_string(sent_));
    const std::size_t line = answer.head.find('\n');
    give(value, answer.head.substr(0, line) + " " + open_.back() + answer.head.substr(line));
    return OSTLER_OK;
  }
  static const void* find(const ostler_host_t*, ostler_text_t id) {
    static const ostler_clock_t clock = {sizeof clock, 0, ticks, ticks, sleep, nullptr};
    static const ostler_service_t service = {sizeof service, 0, call};
    return std::string(id.data, id.size) == OSTLER_CLOCK_ID ? static_cast<const void*>(&clock)
                                                            : &service;
  }

  static inline BusyHost* current = nullptr;
  ostler_host_t host_ = {sizeof host_, 0, 2, nullptr, find};
  std::vector<Answer> answers_;
  bool is_in_sink_ = false;
};

TEST(HttpAttempts, WaitAsLongAsTheServerAsksAndALittleLonger) {
  BusyHost host({busy("600")});
  EXPECT_EQ(host.send(), OSTLER_OK);
  EXPECT_EQ(host.head_, "200 7.2\n");
  EXPECT_GE(host.slept_ns_, 600 * kSecond);
  EXPECT_LT(host.slept_ns_, 601 * kSecond);
  BusyHost other({busy("600")});
  other.ticks_ = 7 * kSecond + kSecond / 4;
  EXPECT_EQ(other.send(), OSTLER_OK);
  EXPECT_EQ(other.slept_ns_, host.slept_ns_ + kSecond / 4) << "another moment, another wait";
}

TEST(HttpAttempts, DoNotWaitForMoreThanTenMinutes) {
  for (const char* seconds : {"601", "999999999", "99999999999999999999"}) {
    BusyHost host({busy(seconds)});
    EXPECT_EQ(host.send(), OSTLER_OK);
    EXPECT_EQ(host.head_, "503 7.1\nRetry-After: " + std::string(seconds) + "\n");
    EXPECT_EQ(host.slept_ns_, 0);
    EXPECT_EQ(host.open_, std::vector<std::string>{"7.1"}) << "it is the plugin's to read";
  }
}

TEST(HttpAttempts, HandOnAnAnswerThatLeavesNoTimeForAnother) {
  BusyHost host({{busy("15").head, OSTLER_OK, 20 * kSecond}});
  host.request_.total_ns = 30 * kSecond;
  EXPECT_EQ(host.send(), OSTLER_OK) << host.error_;
  EXPECT_EQ(host.head_, "503 7.1\nRetry-After: 15\n");
  EXPECT_EQ(host.sent_, 1U);
}

TEST(HttpAttempts, GiveTheNextOneWhatIsLeftOfTheDeadline) {
  BusyHost host({{busy("5").head, OSTLER_OK, 20 * kSecond}});
  host.request_.total_ns = 30 * kSecond;
  EXPECT_EQ(host.send(), OSTLER_OK);
  EXPECT_EQ(host.head_, "200 7.2\n");
  EXPECT_EQ(host.totals_, (std::vector<std::string>{"30000", "5000"}));
}

TEST(HttpAttempts, TakeTheLongestDeadlineThereIs) {
  BusyHost host({busy("5")});
  host.request_.total_ns = INT64_MAX;
  EXPECT_EQ(host.send(), OSTLER_OK);
  EXPECT_EQ(host.head_, "200 7.2\n");
}

TEST(HttpAttempts, CloseEachAnswerThatIsNotHandedOn) {
  BusyHost host(std::vector<Answer>(20, busy("1")));
  host.request_.most_attempts = 21;
  EXPECT_EQ(host.send(), OSTLER_OK);
  EXPECT_EQ(host.head_, "200 7.21\n");
  EXPECT_EQ(host.open_, std::vector<std::string>{"7.21"});
}

TEST(HttpAttempts, EndWithACancelBetweenThem) {
  BusyHost host({busy("1")});
  host.is_cancelled_ = true;
  EXPECT_EQ(host.send(), OSTLER_CANCELLED);
  EXPECT_EQ(host.error_, "the job was cancelled between two attempts at a request");
  EXPECT_EQ(host.head_, "");
  EXPECT_EQ(host.open_, std::vector<std::string>{});
}

TEST(HttpAttempts, RepeatAPostOnlyWhereThePluginSaysSo) {
  for (const bool repeats_all : {false, true}) {
    BusyHost host({busy("1")});
    host.request_.method = BusyHost::text("POST");
    host.request_.repeats_all = repeats_all;
    EXPECT_EQ(host.send(), OSTLER_OK);
    EXPECT_EQ(host.sent_, repeats_all ? 2U : 1U);
    EXPECT_EQ(host.head_.substr(0, 3), repeats_all ? "200" : "503");
  }
}

TEST(HttpAttempts, AreAsManyAsWereAskedFor) {
  BusyHost host(std::vector<Answer>(3, Answer{{}, OSTLER_UNAVAILABLE}));
  EXPECT_EQ(host.send(), OSTLER_UNAVAILABLE);
  EXPECT_EQ(host.error_, "away");
  EXPECT_EQ(host.sent_, 3U);
}

TEST(HttpAttempts, NameTheFileOfTheBodyEachTime) {
  BusyHost host({busy("1")});
  host.request_.body_file = BusyHost::text("dist/app.tar");
  EXPECT_EQ(host.send(), OSTLER_OK);
  EXPECT_EQ(host.files_, std::vector<std::string>(2, "dist/app.tar"));
}

TEST(HttpAttempts, AreThoseOfAPluginThatWasCompiledBeforeThereWereFiles) {
  BusyHost host({busy("1")});
  host.request_.body_file = {reinterpret_cast<const char*>(8), 99};  // no part of its struct
  host.request_.struct_size = offsetof(ostler_http_request_t, body_file);
  EXPECT_EQ(host.send(), OSTLER_OK);
  EXPECT_EQ(host.files_, std::vector<std::string>(2, "6 arguments"));
}

TEST(HttpAttempts, AreNotMadeAtTheServerOfTheJob) {
  BusyHost host(std::vector<Answer>(3, Answer{{}, OSTLER_UNAVAILABLE}));
  host.request_.url = BusyHost::text("hub:/v3/jobs/1");
  host.request_.repeats_all = 1;
  EXPECT_EQ(host.send(), OSTLER_UNAVAILABLE);
  EXPECT_EQ(host.sent_, 1U);
}

}  // namespace
}  // namespace ostler
