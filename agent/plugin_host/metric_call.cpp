// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/metric_call.hpp"

#include <algorithm>

namespace ostler::plugin_host {
namespace {

constexpr std::string_view kMetricMethods = "ostler.metric/1/";
constexpr std::size_t kLongestMetricName = 64;
constexpr std::size_t kLongestWhole = 15;    // digits: any reader of JSON takes such a number
constexpr std::size_t kLongestFraction = 9;  // digits

bool is_of_digits(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest &&
         text.find_first_not_of("0123456789") == text.npos;
}

bool is_metric_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestMetricName && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.-") == name.npos;
}

bool is_whole(std::string_view value) {
  if (value.starts_with('-')) value.remove_prefix(1);
  return is_of_digits(value, kLongestWhole);
}

/// "12" or "-0.25": what is counted in money is no floating-point number.
bool is_decimal(std::string_view value) {
  const std::size_t point = value.find('.');
  if (!is_whole(value.substr(0, point))) return false;
  return point == value.npos || is_of_digits(value.substr(point + 1), kLongestFraction);
}

bool is_currency(std::string_view unit) {
  const auto fits = [](char c) { return c >= 'A' && c <= 'Z'; };
  return unit.size() == 3 && std::ranges::all_of(unit, fits);
}

Error no_metric(const std::string& what, const std::string& text) {
  return {Errc::UserFault, "the " + what + ": " + text};
}

/// Arguments: name, value; of a cost its currency, too.
Result<Metric> read_metric(const std::string& kind, const std::vector<std::string>& arguments) {
  Metric metric{.kind = kind, .name = arguments[0], .value = arguments[1]};
  if (!is_metric_name(metric.name)) {
    return no_metric("name of a metric is [a-z][a-z0-9_.-]*, at most 64 bytes", metric.name);
  }
  if (kind == "cost") {
    metric.unit = arguments[2];
    if (!is_currency(metric.unit)) {
      return no_metric("currency of a cost is three capital letters", metric.unit);
    }
    if (is_decimal(metric.value)) return metric;
    return no_metric("amount of a cost is a decimal number such as 0.25", metric.value);
  }
  if (kind == "duration") metric.unit = "ms";
  if (is_whole(metric.value)) return metric;
  return no_metric(kind + " is a whole number of at most 15 digits", metric.value);
}

Result<void> check_metric_call(const std::string& method, const std::string& kind,
                               std::size_t count) {
  if (kind != "count" && kind != "duration" && kind != "cost") {
    return Error(Errc::NotFound, "this host has no call " + method);
  }
  const std::size_t wanted = kind == "cost" ? 3 : 2;
  if (count == wanted) return success();
  return Error(Errc::UserFault, method + " takes " + std::to_string(wanted) + " arguments, not " +
                                    std::to_string(count));
}

}  // namespace

std::string describe(const Metric& metric) {
  return "metric " + metric.name + " = " + metric.value +
         (metric.unit.empty() ? "" : " " + metric.unit);
}

bool is_metric_call(std::string_view method) { return method.starts_with(kMetricMethods); }

Result<Metric> read_metric_call(const std::string& method,
                                const std::vector<std::string>& arguments) {
  const std::string kind = method.substr(kMetricMethods.size());
  OSTLER_TRY(check_metric_call(method, kind, arguments.size()));
  return read_metric(kind, arguments);
}

}  // namespace ostler::plugin_host
