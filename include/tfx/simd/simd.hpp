// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/simd/arithmetic.hpp>
#include <tfx/simd/convert.hpp>
#include <tfx/simd/erf.hpp>
#include <tfx/simd/exp.hpp>
#include <tfx/simd/hyperbolic.hpp>
#include <tfx/simd/lanewise.hpp>
#include <tfx/simd/log.hpp>
#include <tfx/simd/pack.hpp>
#include <tfx/simd/power.hpp>
#include <tfx/simd/reduce.hpp>
#include <tfx/simd/rounding.hpp>
#include <tfx/simd/trigonometry.hpp>
