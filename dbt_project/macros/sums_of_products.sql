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

{#- Sums of those numbers alone, called prefix_a. -#}
{% macro sums_of(prefix, numbers, weight='', filter='') -%}
{%- set columns = [] -%}
{%- for a in numbers -%}
{%- do columns.append(
    'cast(sum(cast(' ~ weight ~ numbers[a] ~ ' as decimal(38, 12)))' ~ filter ~ ' as double) as ' ~ prefix ~ '_' ~ a
) -%}
{%- endfor -%}
{{ columns | join(',\n    ') }}
{%- endmacro %}

{#- The products about their means, from columns that the two above made over `rows` rows. -#}
{% macro products_about_means(prefix, names, rows) -%}
{%- set columns = [] -%}
{%- for a in names -%}
{%- for b in names[loop.index0:] -%}
{%- set name = prefix ~ '_' ~ a ~ '_' ~ b -%}
{%- set of_means = prefix ~ '_' ~ a ~ ' * ' ~ prefix ~ '_' ~ b ~ ' / (' ~ rows ~ ')' -%}
{%- do columns.append(name ~ ' - ' ~ of_means ~ ' as ' ~ name) -%}
{%- endfor -%}
{%- endfor -%}
{{ columns | join(',\n    ') }}
{%- endmacro %}

{#- The means themselves, called prefix_mean_a, with prefix_mean_one for 1. -#}
{% macro means_of(prefix, names, rows) -%}
{%- set columns = ['cast(1 as double) as ' ~ prefix ~ '_mean_one'] -%}
{%- for a in names -%}
{%- do columns.append(prefix ~ '_' ~ a ~ ' / (' ~ rows ~ ') as ' ~ prefix ~ '_mean_' ~ a) -%}
{%- endfor -%}
{{ columns | join(',\n    ') }}
{%- endmacro %}

{#- Sums of products of each of `left` with each of `right`, called prefix_l_r. -#}
{% macro sums_across(prefix, left, right, weight='', filter='') -%}
{%- set columns = [] -%}
{%- for l in left -%}
{%- for r in right -%}
{%- set product = weight ~ left[l] ~ ' * ' ~ right[r] -%}
{%- do columns.append(
    'coalesce(cast(sum(cast(' ~ product ~ ' as decimal(38, 12)))' ~ filter ~ ' as double), 0) as '
    ~ prefix ~ '_' ~ l ~ '_' ~ r
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
