// SPDX-License-Identifier: Apache-2.0
#include "diag/prometheus_parts.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace ostler::diag {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

Family<Counter>& make_counters(Registry& registry, const std::string& name,
                               const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Family<Gauge>& make_gauges(Registry& registry, const std::string& name, const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

Family<Histogram>& make_histograms(Registry& registry, const std::string& name,
                                   const std::string& help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

Counter& make_counter(Registry& registry, const std::string& name, const std::string& help,
                      const MetricLabels& labels) {
  return make_counters(registry, name, help).Add(labels);
}

Gauge& make_gauge(Registry& registry, const std::string& name, const std::string& help,
                  const MetricLabels& labels) {
  return make_gauges(registry, name, help).Add(labels);
}

std::string text_of(const Registry& registry) {
  return prometheus::TextSerializer().Serialize(registry.Collect());
}

}  // namespace ostler::diag
