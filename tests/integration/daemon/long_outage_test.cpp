// SPDX-License-Identifier: Apache-2.0
// Fifty jobs whose server is away for longer than their leases. An hour and leases of 600 s would
// be no different from seconds: the length of a lease is what the server says at the registration.
#include "base/clock.hpp"
#include "integration/daemon/agent_on_fake_hub.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using support::ServerReply;

constexpr int kJobs = 50;

/// Prints a line five times a second and notes them outside too, until it is ended or its gate
/// opens; a cancelled one says so and when (seconds since boot).
constexpr const char* kCommand = R"sh(
trap 'echo "told to stop"; cut -d" " -f1 /proc/uptime >>"$ENDS"; exit 3' TERM
echo up
for ((i = 1; ; i++)); do
  echo "line $i"
  echo "line $i" >>"$COPY"
  if [ -e "$GATE" ]; then break; fi
  read -r -t 0.2 <>"$QUIET" || true
done
echo "said all"
exit $STATUS
)sh";

class LongOutage : public AgentOnFakeHub {
 protected:
  LongOutage() {
    EXPECT_EQ(support::run_program({"mkfifo", quiet()}).code, 0);
    hub_.emplace(support::FakeHubOptions{.lease_seconds = kLease, .heartbeat_interval = 1});
  }

  static constexpr int kLease = 20;

  void start_jobs(const std::string& policy) {
    start_agent({"--spawn", std::to_string(kJobs), "--on-lease-lost", policy});
    for (int i = 0; i < kJobs; ++i) {
      jobs_.push_back(hub_->add_job({{"BUILDKITE_COMMAND", kCommand},
                                     {"COPY", copy(i)},
                                     {"ENDS", ends()},
                                     {"GATE", gate()},
                                     {"QUIET", quiet()},
                                     {"STATUS", std::to_string(i % 3)}}));
    }
    for (const auto& job : jobs_) ASSERT_TRUE(wait_up(job, 60s)) << agent_->program().err();
  }

  /// From now on nothing comes through. When that was, on the clock of leases.
  std::chrono::nanoseconds cut_off() {
    hub_->fail("/v3/", ServerReply{502, "<html>bad gateway</html>"});
    return SystemClock().since_boot();
  }

  /// How many lines of the agent's log say so.
  long said(const std::string& words) { return lines_with(agent_->program().err(), words); }

  /// Waits until no job has a process left, as the agent tells by its "waits for the server".
  bool wait_all_freed(std::chrono::seconds limit) {
    return support::wait_until(limit, [&] {
      return lines_with(agent_->program().err(), "a finished job waits for the server") >= kJobs;
    });
  }

  void expect_whole_logs(const std::string& end) {
    for (int i = 0; i < kJobs; ++i) {
      const auto job = jobs_[static_cast<std::size_t>(i)];
      ASSERT_TRUE(hub_->wait_finished(job, 60s)) << agent_->program().err();
      const std::string copied = files::read_file(copy(i)).value();
      const auto lines = std::ranges::count(copied, '\n');
      const std::string log = log_of(job);
      // It may have been told to stop between the line that it printed and its copy.
      const std::string uncopied = "line " + std::to_string(lines + 1) + "\n";
      const std::string last = "line " + std::to_string(lines) + "\n";
      EXPECT_TRUE(has(log, copied + end) || has(log, copied + uncopied + end) ||
                  has(log, with_comment_before(copied, last, end)) ||
                  has(log, with_comment_before(copied + uncopied, uncopied, end)))
          << copied << "\n--- was copied, and this came:\n"
          << log;
      expect_delivered_once(job);
    }
  }

  static bool has(const std::string& log, const std::string& lines) {
    return log.find("up\n" + lines) != std::string::npos;
  }
  /// The same with the last line behind the first of `end`, which the worker writes as soon as it
  /// knows, while that line may still be in the terminal.
  static std::string with_comment_before(const std::string& copied, const std::string& last,
                                         const std::string& end) {
    const auto comment = end.find('\n') + 1;
    return copied.substr(0, copied.size() - last.size()) + end.substr(0, comment) + last +
           end.substr(comment);
  }

  std::string copy(int job) const {
    return (directory_ / ("copy-" + std::to_string(job))).string();
  }
  std::string ends() const { return (directory_ / "ends").string(); }
  std::string quiet() const { return (directory_ / "quiet").string(); }
  std::string gate() const { return (directory_ / "gate").string(); }

  std::vector<std::string> jobs_;
};

TEST_F(LongOutage, CostsNoResultWhereJobsMayFinish) {
  start_jobs("finish");
  if (HasFatalFailure()) return;
  cut_off();
  ASSERT_TRUE(support::wait_until(90s, [&] {
    return said("lease has ended, it goes on") >= kJobs;
  })) << agent_->program().err();
  std::ofstream(gate()) << "open";
  ASSERT_TRUE(wait_all_freed(90s)) << agent_->program().err();
  EXPECT_FALSE(std::filesystem::exists(ends())) << "none was told to stop";
  hub_->heal();
  expect_whole_logs("said all\n");
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    EXPECT_EQ(hub_->job(jobs_[i]).finish["exit_status"], std::to_string(i % 3));
  }
  expect_clean_stop();
}

TEST_F(LongOutage, EndsEachJobAtTheEndOfItsLeaseWhereThatIsWanted) {
  start_jobs("stop");
  if (HasFatalFailure()) return;
  const auto cut = cut_off();
  ASSERT_TRUE(wait_all_freed(90s)) << agent_->program().err();
  std::ifstream ended(ends());
  int told = 0;
  for (double seconds = 0; ended >> seconds; ++told) {
    const double after = seconds - std::chrono::duration<double>(cut).count();
    EXPECT_GE(after, kLease / 2) << "heartbeats renew it every second";
    EXPECT_LE(after, 2 * kLease) << "but not without an answer";
  }
  EXPECT_EQ(told, kJobs);
  EXPECT_EQ(said("lease has ended, it is stopped"), kJobs) << agent_->program().err();
  hub_->heal();
  expect_whole_logs("\x1b[90m# Received cancellation signal, interrupting\x1b[0m\ntold to stop\n");
  for (const auto& job : jobs_) EXPECT_EQ(hub_->job(job).finish["signal_reason"], "cancel");
  expect_clean_stop();
}

}  // namespace
}  // namespace ostler
