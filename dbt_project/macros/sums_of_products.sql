{#-
  Sums of products of several numbers, each pair once: what the statistics room makes matrices of.
  Decimals add up to the same number in whatever order parallel workers add them.
  `numbers` maps a name to the SQL of the number; a column is called prefix_a_b.
-#}
{% macro sums_of_products(prefix, numbers, weight='', filter='') -%}
{%- set columns = [] -%}
{%- set names = numbers.keys() | list -%}
{%- for a in names -%}
{%- for b in names[loop.index0:] -%}
{%- set product = weight ~ numbers[a] ~ ' * ' ~ numbers[b] -%}
{%- do columns.append(
    'cast(sum(cast(' ~ product ~ ' as decimal(38, 12)))' ~ filter ~ ' as double) as ' ~ prefix ~ '_' ~ a ~ '_' ~ b
) -%}
{%- endfor -%}
{%- endfor -%}
{{ columns | join(',\n    ') }}
{%- endmacro %}

{#- Sums of columns that are sums already, under their own names; the sum of nothing is 0. -#}
{% macro sums_again(names) -%}
{%- set columns = [] -%}
{%- for name in names -%}
{%- do columns.append(
    'coalesce(cast(sum(cast(' ~ name ~ ' as decimal(38, 12))) as double), 0) as ' ~ name
) -%}
{%- endfor -%}
{{ columns | join(',\n    ') }}
{%- endmacro %}

{#- The names of products of `names`, each pair once. -#}
{% macro product_names(prefix, names) -%}
{%- set found = [] -%}
{%- set names = names | list -%}
{%- for a in names -%}
{%- for b in names[loop.index0:] -%}
{%- do found.append(prefix ~ '_' ~ a ~ '_' ~ b) -%}
{%- endfor -%}
{%- endfor -%}
{{ found | join(' ') }}
{%- endmacro %}

{#-
  Sums of doubles depend on the order in which parallel workers add up; those of decimals do not, but
  take three times as long. Sums over blocks of clients are of doubles that were first rounded to
  multiples of one small step: those add up without any further rounding, so in any order to the same
  number. Adding a power of two that is larger than any sum and taking it away again leaves such
  multiples (Demmel & Nguyen 2013, Fast reproducible floating-point summation). The step is about
  1e-12 of the largest number where a block has a thousand episodes; whole numbers stay whole.

  The CTE `largest`: how many episodes a block has at most, as a root, for a bound has two factors.
-#}
{% macro exact_sum_root(members) -%}
select sqrt(2.0 * max(episode_count)) as root
    from (
        select count(*) as episode_count
        from {{ members }}
        group by stratum, block
    ) as block_sizes
{%- endmacro %}

{#- The CTE `bounds`: for each number a power of two, so that no sum of products exceeds the product
    of two of them. `numbers` maps a name to the SQL of the number; the one called `one` is 1. -#}
{% macro bounds_of(numbers) -%}
{%- set columns = [] -%}
{%- for name in numbers -%}
{%- set largest = 'max(largest.root)' ~ ('' if name == 'one' else ' * max(abs(' ~ numbers[name] ~ '))') -%}
{%- do columns.append(
    'coalesce(power(2, ceil(log2(nullif(' ~ largest ~ ', 0)))), 0) as ' ~ name
) -%}
{%- endfor -%}
{{ columns | join(',\n        ') }}
{%- endmacro %}

{#- The sum of the products of two numbers, over rows joined with their bounds. -#}
{% macro exact_sum(a, b, numbers, condition='') -%}
{%- set factors = [] -%}
{%- for name in [a, b] if name != 'one' -%}{%- do factors.append(numbers[name]) -%}{%- endfor -%}
{%- set bound = 'bounds.' ~ a ~ ' * bounds.' ~ b -%}
{%- set rounded = '(' ~ factors | join(' * ') ~ ' + ' ~ bound ~ ') - ' ~ bound -%}
sum({{ 'case when ' ~ condition ~ ' then ' ~ rounded ~ ' end' if condition else rounded }})
{%- endmacro %}
