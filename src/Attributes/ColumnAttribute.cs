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
}
