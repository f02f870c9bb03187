// SPDX-License-Identifier: Apache-2.0
// Where each field of the plugin ABI lies. A line of the golden file may be added at the end of its
// struct; one that changes breaks every plugin that was ever compiled.
#include <gtest/gtest.h>
#include <ostler/abi.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "support/golden.hpp"

namespace ostler::support {
namespace {

std::string line(const char* name, std::size_t value) {
  return std::string(name) + " " + std::to_string(value) + "\n";
}

#define SIZE(type) text += line("sizeof " #type, sizeof(type))
#define FIELD(type, field) text += line("  " #field, offsetof(type, field))

std::string core_layout() {
  std::string text;
  SIZE(ostler_text_t);
  FIELD(ostler_text_t, data);
  FIELD(ostler_text_t, size);
  SIZE(ostler_sink_t);
  FIELD(ostler_sink_t, struct_size);
  FIELD(ostler_sink_t, reserved);
  FIELD(ostler_sink_t, context);
  FIELD(ostler_sink_t, take);
  SIZE(ostler_host_t);
  FIELD(ostler_host_t, struct_size);
  FIELD(ostler_host_t, abi_major);
  FIELD(ostler_host_t, abi_minor);
  FIELD(ostler_host_t, host_data);
  FIELD(ostler_host_t, get_extension);
  SIZE(ostler_result_t);
  FIELD(ostler_result_t, struct_size);
  FIELD(ostler_result_t, outcome);
  FIELD(ostler_result_t, exit_status);
  FIELD(ostler_result_t, retryable);
  FIELD(ostler_result_t, reason);
  FIELD(ostler_result_t, message);
  FIELD(ostler_result_t, hint);
  FIELD(ostler_result_t, detail);
  SIZE(ostler_result_sink_t);
  FIELD(ostler_result_sink_t, struct_size);
  FIELD(ostler_result_sink_t, reserved);
  FIELD(ostler_result_sink_t, host_data);
  FIELD(ostler_result_sink_t, set);
  return text;
}

std::string plugin_layout() {
  std::string text;
  SIZE(ostler_step_t);
  FIELD(ostler_step_t, struct_size);
  FIELD(ostler_step_t, reserved);
  FIELD(ostler_step_t, plugin_data);
  FIELD(ostler_step_t, init);
  FIELD(ostler_step_t, run);
  FIELD(ostler_step_t, cancel);
  FIELD(ostler_step_t, destroy);
  SIZE(ostler_step_factory_t);
  FIELD(ostler_step_factory_t, struct_size);
  FIELD(ostler_step_factory_t, reserved);
  FIELD(ostler_step_factory_t, create);
  SIZE(ostler_descriptor_t);
  FIELD(ostler_descriptor_t, struct_size);
  FIELD(ostler_descriptor_t, reserved);
  FIELD(ostler_descriptor_t, id);
  FIELD(ostler_descriptor_t, version);
  SIZE(ostler_entry_t);
  FIELD(ostler_entry_t, struct_size);
  FIELD(ostler_entry_t, abi_major);
  FIELD(ostler_entry_t, abi_minor);
  FIELD(ostler_entry_t, get_descriptor);
  FIELD(ostler_entry_t, get_factory);
  return text;
}

std::string service_layout() {
  std::string text;
  SIZE(ostler_log_t);
  FIELD(ostler_log_t, struct_size);
  FIELD(ostler_log_t, reserved);
  FIELD(ostler_log_t, write);
  FIELD(ostler_log_t, begin_group);
  SIZE(ostler_progress_report_t);
  FIELD(ostler_progress_report_t, struct_size);
  FIELD(ostler_progress_report_t, done);
  FIELD(ostler_progress_report_t, attempt);
  FIELD(ostler_progress_report_t, reserved);
  FIELD(ostler_progress_report_t, phase);
  FIELD(ostler_progress_report_t, message);
  SIZE(ostler_progress_t);
  FIELD(ostler_progress_t, struct_size);
  FIELD(ostler_progress_t, reserved);
  FIELD(ostler_progress_t, report);
  SIZE(ostler_cancel_t);
  FIELD(ostler_cancel_t, struct_size);
  FIELD(ostler_cancel_t, reserved);
  FIELD(ostler_cancel_t, reason);
  FIELD(ostler_cancel_t, descriptor);
  FIELD(ostler_cancel_t, deadline_ns);
  FIELD(ostler_cancel_t, begin_cleanup);
  SIZE(ostler_retry_policy_t);
  FIELD(ostler_retry_policy_t, struct_size);
  FIELD(ostler_retry_policy_t, most_attempts);
  FIELD(ostler_retry_policy_t, first_delay_ns);
  FIELD(ostler_retry_policy_t, most_delay_ns);
  SIZE(ostler_clock_t);
  FIELD(ostler_clock_t, struct_size);
  FIELD(ostler_clock_t, reserved);
  FIELD(ostler_clock_t, now_ns);
  FIELD(ostler_clock_t, ticks_ns);
  FIELD(ostler_clock_t, sleep);
  FIELD(ostler_clock_t, retry);
  return text;
}

std::string job_service_layout() {
  std::string text;
  SIZE(ostler_config_t);
  FIELD(ostler_config_t, struct_size);
  FIELD(ostler_config_t, reserved);
  FIELD(ostler_config_t, type);
  FIELD(ostler_config_t, boolean);
  FIELD(ostler_config_t, integer);
  FIELD(ostler_config_t, text);
  FIELD(ostler_config_t, json);
  FIELD(ostler_config_t, count);
  FIELD(ostler_config_t, key);
  SIZE(ostler_job_facts_t);
  FIELD(ostler_job_facts_t, struct_size);
  FIELD(ostler_job_facts_t, attempt);
  FIELD(ostler_job_facts_t, job_id);
  FIELD(ostler_job_facts_t, build_id);
  FIELD(ostler_job_facts_t, build_number);
  FIELD(ostler_job_facts_t, organization);
  FIELD(ostler_job_facts_t, pipeline);
  FIELD(ostler_job_facts_t, step_key);
  FIELD(ostler_job_facts_t, step_label);
  FIELD(ostler_job_facts_t, branch);
  FIELD(ostler_job_facts_t, commit);
  FIELD(ostler_job_facts_t, host_name);
  FIELD(ostler_job_facts_t, agent_name);
  FIELD(ostler_job_facts_t, workspace);
  FIELD(ostler_job_facts_t, scratch);
  FIELD(ostler_job_facts_t, resources);
  FIELD(ostler_job_facts_t, host_directory);
  FIELD(ostler_job_facts_t, parallel_job);
  FIELD(ostler_job_facts_t, parallel_job_count);
  SIZE(ostler_job_t);
  FIELD(ostler_job_t, struct_size);
  FIELD(ostler_job_t, reserved);
  FIELD(ostler_job_t, facts);
  FIELD(ostler_job_t, outcome);
  SIZE(ostler_environment_t);
  FIELD(ostler_environment_t, struct_size);
  FIELD(ostler_environment_t, reserved);
  FIELD(ostler_environment_t, get);
  FIELD(ostler_environment_t, set);
  SIZE(ostler_output_t);
  FIELD(ostler_output_t, struct_size);
  FIELD(ostler_output_t, reserved);
  FIELD(ostler_output_t, set);
  FIELD(ostler_output_t, get);
  return text;
}

std::string general_layout() {
  std::string text;
  SIZE(ostler_service_t);
  FIELD(ostler_service_t, struct_size);
  FIELD(ostler_service_t, reserved);
  FIELD(ostler_service_t, call);
  return text;
}

#undef SIZE
#undef FIELD

std::string layout() {
  return core_layout() + plugin_layout() + service_layout() + job_service_layout() +
         general_layout();
}

std::string header() {
  const std::string root = std::getenv("OSTLER_SOURCE_DIR");
  std::ifstream in(root + "/sdk/include/ostler/abi.h");
  std::stringstream content;
  content << in.rdbuf();
  return content.str();
}

TEST(AbiLayout, IsWhatPluginsWereCompiledFor) {
  EXPECT_EQ(layout(), golden("sdk/abi_layout.txt", layout()));
}

TEST(AbiLayout, NamesEveryStructOfTheHeader) {
  const std::string text = header();
  static const std::regex type(R"(\n\} (ostler_[a-z_]+_t);)");
  const std::string known = layout();
  int count = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), type), end; it != end; ++it, ++count) {
    const std::string name = (*it)[1];
    EXPECT_NE(known.find("sizeof " + name + " "), std::string::npos) << name << " is not pinned";
  }
  EXPECT_GT(count, 15);
}

TEST(AbiLayout, EveryStructButTheTextBeginsWithItsSize) {
  const std::string text = header();
  static const std::regex any(R"(typedef struct ostler_[a-z_]+ \{)");
  static const std::regex sized(R"(typedef struct ostler_[a-z_]+ \{\n  uint32_t struct_size;)");
  const auto count = [&](const std::regex& pattern) {
    return std::distance(std::sregex_iterator(text.begin(), text.end(), pattern), {});
  };
  EXPECT_GT(count(sized), 15);
  EXPECT_EQ(count(sized) + 1, count(any));
}

TEST(AbiLayout, EveryFunctionNamesItsThread) {
  const std::string text = header();
  static const std::regex service(R"(#define OSTLER_([A-Z_]+)_ID)");
  std::size_t services = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), service), end; it != end; ++it) ++services;
  EXPECT_EQ(services, 8u + 1u) << "the services and the factory";
  for (const char* function :
       {"(*init)", "(*run)", "(*cancel)", "(*destroy)", "(*create)", "(*get_descriptor)",
        "(*get_factory)", "(*get_extension)", "(*set)"}) {
    const std::size_t at = text.find(function);
    ASSERT_NE(at, std::string::npos) << function;
    const std::size_t comment = text.rfind("/*", at);
    EXPECT_NE(text.substr(comment, at - comment).find("-thread"), std::string::npos) << function;
  }
}

}  // namespace
}  // namespace ostler::support
