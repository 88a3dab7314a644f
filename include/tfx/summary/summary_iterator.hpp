// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/record.hpp>
#include <tfx/summary/event.hpp>

TFX_BEGIN
namespace train {

/// The events of a file that a summary::FileWriter wrote, one after another:
/// `for (auto const& e : train::summary_iterator(path)) for (auto const& v : e.summary.value) …` Each is a
/// summary::event. NotFoundError if there is no such file; DataLossError where a record is damaged or cut off, with the
/// place where it begins.
template <class Event>
class basic_summary_iterator {
 public:
  explicit basic_summary_iterator(std::string path) : records_(std::move(path)) {}

  struct end_of_file {};
  /// Reads as it goes; there is one at a time.
  class iterator {
   public:
    explicit iterator(basic_summary_iterator& of) : of_(&of) { ++*this; }

    Event const& operator*() const { return of_->current_; }
    Event const* operator->() const { return &of_->current_; }
    iterator& operator++() {
      done_ = !of_->read();
      return *this;
    }
    bool operator==(end_of_file) const { return done_; }

   private:
    basic_summary_iterator* of_;
    bool done_ = false;
  };
  iterator begin() { return iterator(*this); }
  end_of_file end() const { return {}; }

 private:
  io::record_reader records_;
  std::string data_;
  Event current_;

  bool read() {
    if (!records_.next(data_)) return false;
    std::string const record = records_.path() + ": record at " + std::to_string(records_.offset());
    current_ = summary::detail::read_event<Event>(data_, record.c_str());
    return true;
  }
};
using summary_iterator = basic_summary_iterator<summary::event>;

}  // namespace train
TFX_END
