namespace Penstock;

/// <summary>Says how a member of a row type is named and written in files.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class ColumnAttribute : Attribute
{
    /// <summary>Keeps the member's own name (first letter in lower case).</summary>
    public ColumnAttribute()
    {
    }

    /// <summary>Gives the column a name of its own.</summary>
    /// <param name="name">The name in the header or the JSON object; matched with case.</param>
    public ColumnAttribute(string name) => Name = name;

    /// <summary>The name of the column. Default: the member's name with its first letter in lower case.</summary>
    public string? Name { get; }

    /// <summary>The .NET format string with which a date or time is written, such as <c>"yyyy-MM-ddTHH:mm"</c>. Default: ISO 8601.</summary>
    public string? Format { get; set; }

    /// <summary>
    /// Of a <see cref="DateTime"/> or <see cref="DateTimeOffset"/> that is a number in the text: what the number counts since 1970, in UTC. It is read and
    /// written so in CSV and JSON, and in keys and headers of messages. A read number may have a fraction; written numbers are whole, cut toward the past.
    /// Default: the member is no number but text, in ISO 8601 or as <see cref="Format"/> says. It cannot be given together with <see cref="Format"/>.
    /// </summary>
    public TimeUnit Unit { get; set; }
}
