using Microsoft.Extensions.Configuration;
using Penstock.Hosting;

namespace Penstock.Connectors;

/// <summary>
/// The settings of a source or sink beyond the options that all sources or sinks share: the options of its connector. The connector reads
/// each option that it supports; a setting that nothing has read by the time the pipeline starts is reported as an error, because its name
/// is probably misspelt.
/// </summary>
public sealed class ConnectorSettings
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _paths = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets an option in code; configuration overrides it.</summary>
    /// <param name="name">The name; parts of a section are separated by colons.</param>
    /// <returns>The value, or null if it is not set.</returns>
    public string? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set
        {
            if (value == null)
            {
                _values.Remove(name);
            }
            else
            {
                _values[name] = value;
            }
        }
    }

    /// <summary>All options, in the order of their names, which ignore case.</summary>
    internal IEnumerable<string> Lines => _values
        .OrderBy(static value => value.Key, StringComparer.OrdinalIgnoreCase)
        .Select(static value => $"{value.Key.ToUpperInvariant()}={value.Value}");

    /// <summary>Reads an option.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <returns>The value, or null if it is not set.</returns>
    public string? GetString(string name)
    {
        _read.Add(name);
        return this[name];
    }

    /// <summary>Reads an option that is a duration.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <returns>The value, or null if it is not set.</returns>
    /// <exception cref="PipelineException">The value is not a duration.</exception>
    public TimeSpan? GetTimeSpan(string name) => Read(name, SettingText.ParseDuration, SettingText.DurationForm);

    /// <summary>Reads an option that is a size.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <returns>The value in bytes, or null if it is not set.</returns>
    /// <exception cref="PipelineException">The value is not a size.</exception>
    public long? GetByteSize(string name) => Read(name, SettingText.ParseSize, SettingText.SizeForm);

    /// <summary>Reads an option that is a whole number.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <returns>The value, or null if it is not set.</returns>
    /// <exception cref="PipelineException">The value is not a whole number.</exception>
    public long? GetInt64(string name) => Read(name, SettingText.ParseInt64, SettingText.IntegerForm);

    /// <summary>Reads an option that is true or false.</summary>
    /// <param name="name">The name of the setting.</param>
    /// <returns>The value, or null if it is not set.</returns>
    /// <exception cref="PipelineException">The value is neither true nor false.</exception>
    public bool? GetBoolean(string name) => Read(name, SettingText.ParseBoolean, SettingText.BooleanForm);

    /// <summary>Reads an option that is one of several names.</summary>
    /// <typeparam name="T">An enum of the names.</typeparam>
    /// <param name="name">The name of the option.</param>
    /// <returns>The value, or null if it is not set.</returns>
    /// <exception cref="PipelineException">The value is none of the names.</exception>
    public T? GetEnum<T>(string name)
        where T : struct, Enum => Read(name, SettingText.ParseEnum<T>, SettingText.OneOf<T>());

    /// <summary>Reads all options below a name.</summary>
    /// <param name="name">The name of the section.</param>
    /// <returns>The values, by their names below that section.</returns>
    public IReadOnlyDictionary<string, string> GetSection(string name)
    {
        var prefix = name + ":";
        var section = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in _values.Where(entry => entry.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            _read.Add(key);
            section[key[prefix.Length..]] = value;
        }

        return section;
    }

    /// <summary>Binds the configuration below an option that the pipeline itself does not define.</summary>
    internal void Bind(IConfigurationSection entry, string name)
    {
        if (entry.Value != null)
        {
            _values[name] = entry.Value;
            _paths[name] = entry.Path;
        }

        foreach (var child in entry.GetChildren())
        {
            Bind(child, $"{name}:{child.Key}");
        }
    }

    /// <summary>Checks that every option was read by its connector.</summary>
    /// <param name="pipeline">The name of the pipeline.</param>
    /// <param name="kind">The section: <c>Sources</c> or <c>Sinks</c>.</param>
    /// <param name="id">The id under which the options are set.</param>
    /// <exception cref="PipelineException">An option was not read.</exception>
    internal void CheckAllRead(string pipeline, string kind, string id)
    {
        var unknown = _values.Keys.Where(name => !_read.Contains(name)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            var known = string.Join(", ", _read.Order(StringComparer.OrdinalIgnoreCase).Select(static name => $"'{name}'"));
            var others = $"is not an option of {(kind == "Sources" ? "this source" : "this sink")}. "
                + (known.Length == 0 ? "It has none of its own." : $"Its own are {known}.");
            throw new PipelineException(
                ErrorCodes.UnknownOption,
                $"The configuration of pipeline '{pipeline}' is wrong:\n- "
                    + string.Join(
                        "\n- ",
                        unknown.Select(name => $"{KeyOf(name, $"{kind}:{id}:{name}")} {others}")));
        }
    }

    private T? Read<T>(string name, Func<string?, T?> read, string expected)
        where T : struct =>
            GetString(name) is not { } text
                ? null
                : read(text)
                    ?? throw new PipelineException(
                        ErrorCodes.ImpossibleValue,
                        $"{KeyOf(name, $"The option '{name}'")} is '{text}'; {expected} is expected.");

    private string KeyOf(string name, string otherwise) =>
        _paths.TryGetValue(name, out var path) ? OptionKeys.Quote(path, _values[name]) : otherwise;
}
