// SPDX-License-Identifier: Apache-2.0
// A plugin that does what its configuration says, mostly wrong: {"do": "segv"}.
#include <fcntl.h>
#include <ostler/abi.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "breaches.hpp"
#include "broken_stacks.hpp"
#include "calls.hpp"
#include "commands.hpp"
#include "escapes.hpp"
#include "frames.hpp"
#include "handles.hpp"
#include "thefts.hpp"

namespace {

const ostler_host_t* host;
const ostler_result_sink_t* results;
int called[2];  ///< a pipe that the cancel callback writes to
bool hangs_in_destroy = false;

ostler_text_t text(std::string_view characters) { return {characters.data(), characters.size()}; }

template <class Table>
const Table* service(std::string_view id) {
  return static_cast<const Table*>(host->get_extension(host, text(id)));
}

const ostler_sink_t sink_into(std::string& value) {
  return {sizeof(ostler_sink_t), 0, &value, [](const ostler_sink_t* sink, ostler_text_t said) {
            static_cast<std::string*>(sink->context)->assign(said.data, said.size);
          }};
}

std::string configured(const char* pointer) {
  std::string value;
  const auto sink = sink_into(value);
  service<ostler_config_t>(OSTLER_CONFIG_ID)->text(host, text(pointer), &sink, nullptr);
  return value;
}

ostler_status_t end_with(ostler_outcome_t outcome, const std::string& message,
                         const std::string& detail = "") {
  ostler_result_t result{};
  result.struct_size = sizeof result;
  result.outcome = outcome;
  result.message = text(message);
  result.detail = text(detail);
  return results->set(results, &result, nullptr);
}

ostler_status_t end_with_long_texts() {
  const std::string message(300'000, 'm');
  const std::string hint(300'000, 'h');
  ostler_result_t result{};
  result.struct_size = sizeof result;
  result.outcome = OSTLER_STEP_FAILED;
  result.message = text(message);
  result.hint = text(hint);
  return results->set(results, &result, nullptr);
}

/// What a call that should be refused has come to.
ostler_status_t tell_errno(const char* what, long returned) {
  return end_with(OSTLER_PASSED,
                  std::string(what) + ": " + (returned < 0 ? std::strerror(errno) : "it worked"));
}

ostler_status_t open_file(const char* how, int flags) {
  return tell_errno(how, ::open(configured("/path").c_str(), flags, 0600));
}

[[gnu::noinline]] ostler_status_t crash_in_library() {
  // What calls is ours, what crashes is not.
  return end_with(OSTLER_PASSED, std::to_string(std::strlen(reinterpret_cast<char*>(16))));
}

// The call is the last instruction of it.
[[gnu::noinline, noreturn]] void give_up(int, const std::string&) { std::abort(); }

[[gnu::noinline]] void lose_it() { throw std::runtime_error("out of a thread"); }

ostler_status_t end_in_a_thread(const std::string& what) {
  std::thread([&what] { what == "throw in a thread" ? lose_it() : give_up(1, what); }).join();
  return OSTLER_OK;
}

[[gnu::noinline]] ostler_status_t write_to_nowhere() {
  *reinterpret_cast<volatile int*>(24) = 1;
  return OSTLER_OK;
}

ostler_status_t wait_forever() {
  for (;;) ::pause();
}

ostler_status_t stop_when_asked() {
  const auto* clock = service<ostler_clock_t>(OSTLER_CLOCK_ID);
  const auto* cancel = service<ostler_cancel_t>(OSTLER_CANCEL_ID);
  service<ostler_log_t>(OSTLER_LOG_ID)->write(host, OSTLER_LOG_INFO, text("waiting"));
  if (clock->sleep(host, 60'000'000'000) != OSTLER_CANCELLED) return OSTLER_FAILED;
  if (clock->sleep(host, 1) != OSTLER_CANCELLED) return OSTLER_FAILED;
  cancel->begin_cleanup(host);
  if (clock->sleep(host, 1'000'000) != OSTLER_OK) return OSTLER_FAILED;
  return end_with(OSTLER_STEP_CANCELLED, "reason " + std::to_string(cancel->reason(host)));
}

/// Uses a second of its grace.
ostler_status_t clean_up_when_asked() {
  const auto* clock = service<ostler_clock_t>(OSTLER_CLOCK_ID);
  const auto* cancel = service<ostler_cancel_t>(OSTLER_CANCEL_ID);
  const auto* log = service<ostler_log_t>(OSTLER_LOG_ID);
  log->write(host, OSTLER_LOG_INFO, text("waiting"));
  if (clock->sleep(host, 600'000'000'000) != OSTLER_CANCELLED) return OSTLER_FAILED;
  cancel->begin_cleanup(host);
  log->write(host, OSTLER_LOG_INFO, text("cleaning up"));
  if (clock->sleep(host, 1'000'000'000) != OSTLER_OK) return OSTLER_FAILED;
  log->write(host, OSTLER_LOG_INFO, text("cleaned up"));
  return end_with(OSTLER_STEP_CANCELLED, "reason " + std::to_string(cancel->reason(host)));
}

ostler_status_t wait_for_callback() {
  service<ostler_log_t>(OSTLER_LOG_ID)->write(host, OSTLER_LOG_INFO, text("waiting"));

  char byte = 0;
  if (::read(called[0], &byte, 1) != 1) return OSTLER_FAILED;
  return end_with(OSTLER_STEP_CANCELLED, std::string("called with reason ") + byte);
}

ostler_status_t be_deaf() {
  service<ostler_log_t>(OSTLER_LOG_ID)->write(host, OSTLER_LOG_INFO, text("waiting"));
  return wait_forever();
}

int count_attempts(int32_t failures, int32_t most) {
  struct Attempts {
    int32_t made;
    int32_t failures;
  } attempts{0, failures};
  ostler_retry_policy_t policy{sizeof policy, most, 1000, 4000};
  service<ostler_clock_t>(OSTLER_CLOCK_ID)
      ->retry(
          host, &policy,
          [](void* context, int32_t number) -> ostler_status_t {
            auto* of = static_cast<Attempts*>(context);
            of->made = number;
            return number <= of->failures ? OSTLER_UNAVAILABLE : OSTLER_OK;
          },
          &attempts);
  return attempts.made;
}

ostler_status_t retry() {
  return end_with(OSTLER_PASSED, std::to_string(count_attempts(2, 5)) + " and " +
                                     std::to_string(count_attempts(9, 3)));
}

ostler_status_t call_from_many_threads() {
  std::vector<std::thread> threads;
  std::vector<int> wrong(8, 0);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&wrong, i] {
      for (int j = 0; j < 200; ++j) {
        if (configured("/path") != "/a path") ++wrong[static_cast<std::size_t>(i)];
      }
    });
  }
  int all = 0;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    threads[i].join();
    all += wrong[i];
  }
  return end_with(OSTLER_PASSED, std::to_string(all) + " wrong answers");
}

ostler_status_t use_every_service() {
  const auto* log = service<ostler_log_t>(OSTLER_LOG_ID);
  log->begin_group(host, OSTLER_GROUP_EXPANDED, text("a group"));
  log->write(host, OSTLER_LOG_WARNING, text("careful"));
  std::printf("printed\n");
  const ostler_progress_report_t half{sizeof half, 5000, 1, 0, text("build"), text("half")};
  service<ostler_progress_t>(OSTLER_PROGRESS_ID)->report(host, &half);
  std::string said;
  const auto sink = sink_into(said);
  const auto* environment = service<ostler_environment_t>(OSTLER_ENVIRONMENT_ID);
  environment->set(host, text("MADE"), text("here"), nullptr);
  environment->get(host, text("MADE"), &sink, nullptr);
  std::string refusal;
  const auto error = sink_into(refusal);
  const auto denied =
      environment->set(host, text("BUILDKITE_AGENT_ACCESS_TOKEN"), text("x"), &error);
  service<ostler_output_t>(OSTLER_OUTPUT_ID)->set(host, text("made"), text("[1, 2]"), nullptr);
  const auto* facts = service<ostler_job_t>(OSTLER_JOB_ID)->facts(host);
  return end_with(OSTLER_PASSED,
                  said + " " + std::to_string(denied) + " " +
                      std::string(facts->branch.data, facts->branch.size),
                  "{\"refusal\": " + std::to_string(refusal.size()) + "}");
}

/// Passes, with the value of the variable that "path" names.
ostler_status_t say_variable() {
  std::string value;
  const auto sink = sink_into(value);
  const std::string name = configured("/path");
  const auto* environment = service<ostler_environment_t>(OSTLER_ENVIRONMENT_ID);
  const auto status = environment->get(host, text(name), &sink, nullptr);
  std::printf("%s\n", value.c_str());
  return status == OSTLER_OK ? end_with(OSTLER_PASSED, value) : status;
}

std::string named_variable() {
  std::string value;
  const auto sink = sink_into(value);
  const std::string name = configured("/path");
  service<ostler_environment_t>(OSTLER_ENVIRONMENT_ID)->get(host, text(name), &sink, nullptr);
  return value;
}

ostler_status_t fail_as(const std::string& why, const ostler_sink_t* error) {
  error->take(error, text(why));
  return OSTLER_FAILED;
}

/// "path" is NAME=VALUE.
ostler_status_t set_variable() {
  const std::string both = configured("/path");
  const std::size_t mark = both.find('=');
  const std::string name = both.substr(0, mark);
  const std::string value = both.substr(mark + 1);
  const auto* environment = service<ostler_environment_t>(OSTLER_ENVIRONMENT_ID);
  const auto status = environment->set(host, text(name), text(value), nullptr);
  return end_with(OSTLER_PASSED, status == OSTLER_OK ? "set" : "refused");
}

/// Puts out the variable that "path" names, each of its bytes as JSON may spell it.
ostler_status_t spell_variable() {
  std::string value;
  const auto sink = sink_into(value);
  const std::string name = configured("/path");
  service<ostler_environment_t>(OSTLER_ENVIRONMENT_ID)->get(host, text(name), &sink, nullptr);
  std::string json = "\"";
  for (const char byte : value) {
    char spelled[8] = {};
    std::snprintf(spelled, sizeof spelled, "\\u%04x", static_cast<unsigned>(byte));
    json += spelled;
  }
  json += '"';
  service<ostler_output_t>(OSTLER_OUTPUT_ID)->set(host, text("spelled"), text(json), nullptr);
  return end_with(OSTLER_PASSED, "spelled", "{" + json + ":[" + json + "]}");
}

/// More directories inside each other than one would hold open.
ostler_status_t nest() {
  for (int i = 0; i < 600; ++i) {
    if (::mkdir("d", 0700) != 0 || ::chdir("d") != 0) return tell_errno("nest", -1);
  }
  return end_with(OSTLER_PASSED, "nested");
}

/// Sets a secret twice, and prints both values.
ostler_status_t set_secret() {
  const auto* environment = service<ostler_environment_t>(OSTLER_ENVIRONMENT_ID);
  environment->set(host, text("MADE_SECRET"), text("the-first-secret"), nullptr);
  environment->set(host, text("MADE_SECRET"), text("the-second-secret"), nullptr);
  environment->set(host, text("MADE"), text("no-secret-at-all"), nullptr);
  return end_with(OSTLER_PASSED, "the-first-secret the-second-secret no-secret-at-all");
}

ostler_status_t flood() {
  const std::string line(60'000, 'x');
  const auto* log = service<ostler_log_t>(OSTLER_LOG_ID);
  for (int i = 0; i < 500; ++i) log->write(host, OSTLER_LOG_INFO, text(line));
  return end_with(OSTLER_PASSED, "flooded");
}

ostler_status_t flood_with_frames(std::string_view what) {
  service<ostler_log_t>(OSTLER_LOG_ID)->write(host, OSTLER_LOG_INFO, text("flooding"));
  what == "flood with crashes" ? zoo::flood_with_crashes() : zoo::flood_with_cleanups();
  return OSTLER_OK;
}

ostler_status_t say_nonsense() {
  const char bytes[] = "\xff\xff\xff\xffnonsense";
  if (::write(3, bytes, sizeof bytes) < 0) return OSTLER_FAILED;
  return wait_forever();
}

ostler_status_t leave_a_child() {
  if (::fork() == 0) wait_forever();
  return end_with(OSTLER_PASSED, "left one");
}

/// Its frame `Ended` is right; its process goes on.
ostler_status_t say_that_it_ended() {
  const std::uint32_t frame[] = {8, 88, OSTLER_OK, 0};
  if (::send(3, frame, sizeof frame, MSG_NOSIGNAL) != sizeof frame) return OSTLER_FAILED;
  return wait_forever();
}

ostler_status_t close_output() {
  ::close(STDOUT_FILENO);
  ::close(STDERR_FILENO);
  ::sleep(1);
  return end_with(OSTLER_PASSED, "silent");
}

ostler_status_t break_result_rules() {
  std::string reason;
  const auto error = sink_into(reason);
  ostler_result_t result{};
  result.struct_size = sizeof result;
  result.reason = text("Not a reason");
  const ostler_status_t status = results->set(results, &result, &error);
  return end_with(OSTLER_STEP_FAILED, std::to_string(status) + " " + reason);
}

ostler_status_t fail_with_reason(const ostler_sink_t* error) {
  error->take(error, text("the registry is gone"));
  return OSTLER_UNAVAILABLE;
}

ostler_status_t try_calls() {
  char bytes[8] = {};
  const iovec own{bytes, sizeof bytes};
  const iovec other{bytes, sizeof bytes};
  std::string worked;
  if (::socket(AF_INET, SOCK_STREAM, 0) >= 0) worked += " tcp";
  if (::socket(AF_UNIX, SOCK_STREAM, 0) >= 0) worked += " unix";
  if (::syscall(SYS_io_uring_setup, 1, bytes) >= 0 || errno != EPERM) worked += " io_uring";
  if (::process_vm_readv(::getppid(), &own, 1, &other, 1, 0) >= 0) worked += " process_vm_readv";
  if (::execl("/bin/true", "true", nullptr) >= 0 || errno != EPERM) worked += " execve";
  if (::kill(::getppid(), SIGCONT) == 0) worked += " signal";
  if (::setsid() >= 0 || errno != EPERM) worked += " setsid";
  if (::open(("/proc/" + std::to_string(::getppid()) + "/environ").c_str(), O_RDONLY) >= 0) {
    worked += " environ";
  }
  if (std::getenv("OSTLER_TEST_SECRET") != nullptr) worked += " getenv";
  return end_with(OSTLER_PASSED, "worked:" + worked);
}

/// For 50 ms, in 64 MiB.
ostler_status_t work_hard() {
  std::vector<char> memory(64 << 20, 'x');
  timespec used{};
  do {
    for (std::size_t i = 0; i < memory.size(); i += 4096) ++memory[i];
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  } while (used.tv_sec == 0 && used.tv_nsec < 60'000'000);
  return end_with(OSTLER_PASSED, "worked");
}

/// Said by the first code of the plugin that runs.
const int dumpable_when_mapped = ::prctl(PR_GET_DUMPABLE);

ostler_status_t say_whether_dumpable() {
  return end_with(OSTLER_PASSED, std::to_string(dumpable_when_mapped) + ", then " +
                                     std::to_string(::prctl(PR_GET_DUMPABLE)));
}

/// Under a name that is a line of its own in the kernel's list.
ostler_status_t pass_under_a_name() {
  ::prctl(PR_SET_NAME, "VmHWM:99999999");
  return end_with(OSTLER_PASSED, "done");
}

ostler_status_t reach() {
  const std::string doors = configured("/path");
  const std::size_t mark = doors.rfind(':');
  return end_with(OSTLER_PASSED, "reached:" + zoo::reached(doors.substr(0, mark),
                                                           std::stoi(doors.substr(mark + 1))));
}

/// Threads write messages of several frames at once.
ostler_status_t log_from_threads() {
  const auto* log = service<ostler_log_t>(OSTLER_LOG_ID);
  std::vector<std::thread> threads;
  for (char letter = 'a'; letter < 'e'; ++letter) {
    threads.emplace_back([log, letter] {
      const std::string message(200'000, letter);
      for (int i = 0; i < 20; ++i) log->write(host, OSTLER_LOG_INFO, text(message));
    });
  }
  for (std::thread& thread : threads) thread.join();
  return end_with(OSTLER_PASSED, "logged");
}

ostler_status_t init(const ostler_step_t*, const ostler_host_t* given, const ostler_sink_t* error) {
  host = given;
  const std::string what = configured("/do");
  hangs_in_destroy = what.ends_with("hang in destroy");
  if (what == "breach after a failed init") zoo::break_in_run(host, what);
  if (what != "fail in init" && what != "breach after a failed init") return OSTLER_OK;
  error->take(error, text("cannot begin"));
  return OSTLER_NOT_FOUND;
}

ostler_status_t run(const ostler_step_t*, const ostler_result_sink_t* given,
                    const ostler_sink_t* error) {
  results = given;
  const std::string what = configured("/do");
  if (what == "pass" || what == "hang in destroy") return end_with(OSTLER_PASSED, "done");
  if (what == "throw") throw std::runtime_error("out of run");
  if (what == "abort") give_up(1, what);
  if (what.ends_with(" in a thread")) return end_in_a_thread(what);
  if (what == "crash like two threads") zoo::crash_like_two_threads();
  if (what == "abort in a circle") zoo::abort_in_a_circle();
  if (what == "abort above nothing") zoo::abort_above_nothing();
  if (what == "segv") return write_to_nowhere();
  if (what == "segv in library") return crash_in_library();
  if (what == "exit") std::exit(3);
  if (what == "hang") return be_deaf();
  if (what == "hang at first") {
    return named_variable() == "0" ? be_deaf() : end_with(OSTLER_PASSED, "this time");
  }
  if (what == "no result") return OSTLER_OK;
  if (what == "status" || what == "status, hang in destroy") return fail_with_reason(error);
  if (what == "break rules") return break_result_rules();
  if (what == "lines") return end_with(OSTLER_STEP_FAILED, "line one\nline two");
  if (what == "long") return end_with_long_texts();
  if (what == "write") return open_file("write", O_WRONLY | O_CREAT);
  if (what == "read") return open_file("read", O_RDONLY);
  if (what == "calls") return try_calls();
  if (what == "stop" || what == "stop, hang in destroy") return stop_when_asked();
  if (what == "clean up") return clean_up_when_asked();
  if (what == "callback") return wait_for_callback();
  if (what == "retry") return retry();
  if (what == "threads") return call_from_many_threads();
  if (what == "services") return use_every_service();
  if (what == "variable") return say_variable();
  if (what == "repeat") return end_with(OSTLER_PASSED, named_variable());
  if (what == "fail as") return fail_as(named_variable(), error);
  if (what == "set") return set_variable();
  if (what == "spell") return spell_variable();
  if (what == "nest") return nest();
  if (what == "secret") return set_secret();
  if (what == "flood") return flood();
  if (what == "escape")
    return end_with(OSTLER_PASSED, "worked:" + zoo::escapes_that_worked(configured("/path")));
  if (what == "work")
    return end_with(OSTLER_PASSED, "failed:" + zoo::work_that_failed(configured("/path")));
  if (what == "reach") return reach();
  if (what == "dumpable") return say_whether_dumpable();
  if (what == "take a name") return pass_under_a_name();
  if (what == "work hard") return work_hard();
  if (what == "log from threads") return log_from_threads();
  if (what == "die in a message") zoo::die_in_a_message("last words");
  if (what.starts_with("flood with")) return flood_with_frames(what);
  if (what == "nonsense") return say_nonsense();
  if (what == "child") return leave_a_child();
  if (what == "say ended") return say_that_it_ended();
  if (what == "close output") return close_output();
  if (what == "call") return end_with(OSTLER_PASSED, zoo::make_calls(host, configured("/path")));
  if (what == "steal") return end_with(OSTLER_PASSED, zoo::read_from_host(configured("/path")));
  if (what == "leave") return end_with(OSTLER_PASSED, zoo::leave_threads_and_descriptors());
  if (what.starts_with("breach")) {
    zoo::break_in_run(host, what);
    return what == "breach in cancel" ? wait_for_callback() : end_with(OSTLER_PASSED, "unseen");
  }
  if (what.starts_with("handle")) {
    return end_with(OSTLER_PASSED, zoo::use_handle(host, what, configured("/path")));
  }
  if (what.starts_with("command")) {
    return end_with(OSTLER_PASSED, zoo::run_script(host, what, configured("/path")));
  }
  return OSTLER_INVALID;
}

void cancel(const ostler_step_t*, int32_t reason) {
  zoo::break_in_cancel();
  const char byte = static_cast<char>('0' + reason);
  if (::write(called[1], &byte, 1) != 1) std::abort();
}

void destroy(const ostler_step_t*) {
  zoo::break_in_destroy();
  if (hangs_in_destroy) wait_forever();
}

const ostler_step_t* create(const ostler_step_factory_t*) {
  static const ostler_step_t step = {sizeof step, 0, nullptr, init, run, cancel, destroy};
  return ::pipe(called) == 0 ? &step : nullptr;
}

const void* get_factory(ostler_text_t) {
  static const ostler_step_factory_t factory = {sizeof factory, 0, create};
  return &factory;
}

const ostler_descriptor_t* get_descriptor() {
  static const ostler_descriptor_t descriptor = {sizeof descriptor, 0, {"zoo", 3}, {"1.0.0", 5}};
  return &descriptor;
}

}  // namespace

extern "C" OSTLER_EXPORT const ostler_entry_t ostler_plugin_entry = {
    sizeof ostler_plugin_entry, OSTLER_ABI_MAJOR, OSTLER_ABI_MINOR, get_descriptor, get_factory};
