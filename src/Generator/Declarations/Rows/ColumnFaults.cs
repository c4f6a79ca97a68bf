namespace Penstock.Generator.Declarations.Rows;

/// <summary>What is wrong with the columns of a row and of the objects inside of it: of each kind the first one.</summary>
internal sealed class ColumnFaults
{
    public DuplicateColumn? Duplicate { get; set; }

    public string? BadFormat { get; set; }

    public string? BadUnit { get; set; }

    public string? UnknownUnit { get; set; }

    public string? LeftOut { get; set; }

    public string? Unmade { get; set; }

    public string? BadNaming { get; set; }

    public List<UselessFormat> UselessFormats { get; } = [];
}
