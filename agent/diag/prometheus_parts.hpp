// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
template <typename T>
class Family;
}  // namespace prometheus

// How metrics are made of the Prometheus library, for the sets of metrics in this room.
namespace ostler::diag {

using MetricLabels = std::map<std::string, std::string>;

/// Metrics of one name that differ in labels. They live as long as the registry.
prometheus::Family<prometheus::Counter>& make_counters(prometheus::Registry& registry,
                                                       const std::string& name,
                                                       const std::string& help);
prometheus::Family<prometheus::Gauge>& make_gauges(prometheus::Registry& registry,
                                                   const std::string& name,
                                                   const std::string& help);
prometheus::Family<prometheus::Histogram>& make_histograms(prometheus::Registry& registry,
                                                           const std::string& name,
                                                           const std::string& help);
/// One metric.
prometheus::Counter& make_counter(prometheus::Registry& registry, const std::string& name,
                                  const std::string& help, const MetricLabels& labels = {});
prometheus::Gauge& make_gauge(prometheus::Registry& registry, const std::string& name,
                              const std::string& help, const MetricLabels& labels = {});

/// Everything in the text format of Prometheus.
std::string text_of(const prometheus::Registry& registry);

}  // namespace ostler::diag
