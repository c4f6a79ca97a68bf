namespace Penstock.Generator.Declarations.Rows;

/// <summary>The errors in the columns of a row and of the objects inside it: the first of each kind.</summary>
internal sealed class ColumnErrors
{
    public DuplicateColumn? Duplicate { get; set; }

    public string? BadFormat { get; set; }

    public string? BadUnit { get; set; }

    public string? UnknownUnit { get; set; }

    public string? LeftOut { get; set; }

    public string? NotConstructible { get; set; }

    public string? BadNaming { get; set; }

    public List<UselessFormat> UselessFormats { get; } = [];
}
