// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "net/async_event.hpp"
#include "support/scripted_server.hpp"

namespace ostler::support {

/// What a hub knows of one job.
struct FakeJob {
  struct Chunk {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::string bytes;  ///< inflated
  };

  std::map<std::string, std::string> env;
  std::string state = "scheduled";
  bool locked = false;                    ///< waits for other jobs
  std::string agent;                      ///< token of the session it was given to
  std::map<std::uint64_t, Chunk> chunks;  ///< by sequence
  int accepts = 0;
  int starts = 0;
  int finishes = 0;
  int conflicting_chunks = 0;  ///< a sequence that came again with another extent
  bool finished_before_chunks = false;
  nlohmann::json finish;                          ///< body of the first finish
  std::map<std::int64_t, nlohmann::json> events;  ///< by sequence
  int repeated_events = 0;
  bool finished_before_events = false;

  /// The log, if the chunks are whole: each begins where the one before ends.
  std::string log() const;
  bool is_contiguous() const;
};

struct FakeHubOptions {
  bool waits = true;     ///< announces Ostler-Wait
  bool streams = false;  ///< has a stream of pings
  int lease_seconds = 600;
  int chunk_size = 100'000;
  int heartbeat_interval = 60;
};

/// A small hub that works: real HTTP, everything in memory, one queue. It can be told to fail.
class FakeHub {
 public:
  explicit FakeHub(FakeHubOptions options = {});
  /// Ends every connection.
  ~FakeHub();

  std::string endpoint() const { return server_->url() + "/v3"; }
  static constexpr const char* kToken = "registration-token";

  /// Makes a job that the next session that asks is given; returns its id.
  std::string add_job(std::map<std::string, std::string> env = {});
  /// Makes a job that is only there for an agent that asks for it by its id, and only once
  /// unlock() was called if it is locked.
  std::string add_job_to_acquire(bool locked = false, std::map<std::string, std::string> env = {});
  void unlock(const std::string& id);
  /// Forgets that the job was offered, and offers it to the next session that asks.
  void offer_again(const std::string& id);
  /// What every ping is answered with while it is not empty: "pause" or "disconnect".
  void set_action(const std::string& action);
  void cancel_job(const std::string& id, const std::string& state = "canceling");
  FakeJob job(const std::string& id) const;
  /// Waits until `holds` is true of the job; false after `limit`.
  bool wait_for(const std::string& id, const std::function<bool(const FakeJob&)>& holds,
                std::chrono::seconds limit = std::chrono::seconds(20)) const;
  bool wait_finished(const std::string& id,
                     std::chrono::seconds limit = std::chrono::seconds(20)) const;

  /// The next `times` requests whose "METHOD target" contains `part` get `answer` and do nothing.
  void fail(const std::string& part, ServerAnswer answer, int times = 1'000'000);
  /// The next `times` such requests are obeyed, but what comes back is `instead`.
  void lose_answers(const std::string& part, int times = 1, ServerAnswer instead = ResetReply());
  /// Ends every failure that was ordered.
  void heal();
  /// Ends every stream of pings that is open, in the middle of a message.
  void cut_streams();
  /// Says these bytes by the last stream of pings of each session.
  void say_in_streams(std::string bytes);
  /// Forgets every session: their tokens are answered 401.
  void forget_sessions();

  int registrations() const;
  /// The body of the last registration.
  nlohmann::json last_registration() const;
  int live_sessions() const;
  /// Every value of the header Ostler-Instance that came; empty where it was missing.
  std::set<std::string> instances() const;
  /// Every value of the header X-Buildkite-Backoff-Sequence, in order.
  std::vector<std::string> backoff_sequences() const;
  /// "METHOD target" of every request, in order.
  std::vector<std::string> requests() const;
  int count(const std::string& part) const;

 private:
  struct Failure {
    std::string part;
    ServerAnswer answer;
    int times = 0;
    bool obeys = false;
  };
  using Lock = std::unique_lock<std::mutex>;

  boost::asio::awaitable<ServerAnswer> answer(ServerRequest request);
  boost::asio::awaitable<ServerAnswer> obey(ServerRequest request);
  boost::asio::awaitable<ServerAnswer> ping(std::string token, std::chrono::seconds wait,
                                            bool knows_pause);
  boost::asio::awaitable<ServerAnswer> job_state(std::string id, std::chrono::seconds wait);
  ServerAnswer ping_stream(const std::string& token);
  boost::asio::awaitable<std::optional<std::string>> next_in_stream(std::string token, int number);
  std::optional<std::string> news_in_stream(const std::string& token);
  std::string offer_to(const std::string& token);
  Failure* failure_for(const std::string& line);
  ServerReply register_session(const std::string& body);
  ServerReply acquire(const std::string& id, const std::string& token,
                      const ServerRequest& request);
  ServerReply job_call(const std::string& id, const std::string& what, ServerRequest& request);
  ServerReply accept(const std::string& id, const std::string& token);
  ServerReply take_chunk(FakeJob& job, const ServerRequest& request);
  ServerReply take_events(FakeJob& job, const std::string& body);
  ServerReply finish(FakeJob& job, const std::string& body);
  void changed();

  FakeHubOptions options_;
  mutable std::mutex mutex_;
  std::map<std::string, FakeJob> jobs_;
  std::vector<std::string> waiting_;  ///< jobs that nobody has, oldest first
  std::map<std::string, std::string> metadata_;
  std::vector<std::string> tokens_;
  std::vector<std::string> requests_;
  std::set<std::string> instances_;
  std::vector<std::string> backoff_sequences_;
  std::vector<Failure> failures_;
  std::string action_;
  /// The last stream of pings of a session.
  struct Stream {
    int number = 0;  ///< earlier ones are dead
    bool has_begun = false;
    bool is_cut = false;
    std::string action;  ///< as the stream has said it
    std::string extra;   ///< to be said
    std::vector<std::string> offered;
  };
  std::map<std::string, Stream> streams_;  ///< by session's token
  nlohmann::json last_registration_;
  int registrations_ = 0;
  std::unique_ptr<net::AsyncEvent> change_;  ///< on the server's thread
  std::unique_ptr<ScriptedServer> server_;
};

}  // namespace ostler::support
