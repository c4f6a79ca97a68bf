using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>
/// The code that runs when a row is created from its columns: constructors, initializers and setters. Code that only copies a column to a
/// member is distinguished from code that computes, because the latter must not get a column that was not parsed.
/// </summary>
internal sealed class RowConstructionCode
{
    private readonly RowMembers _members;
    private readonly HashSet<string> _columns;
    private readonly Dictionary<string, HashSet<string>> _copies = [];
    private readonly Dictionary<string, HashSet<string>> _parameters = [];
    private readonly List<MemberUses> _uses = [];

    /// <param name="columns">The members that are columns.</param>
    public RowConstructionCode(RowMembers members, RowShape shape, IReadOnlyList<ISymbol> columns)
    {
        var constructor = shape.Constructor;
        _members = members;
        _columns = [.. columns.Select(static column => column.Name)];
        for (var i = 0; constructor != null && i < constructor.Parameters.Length; i++)
        {
            AddTo(
                _parameters,
                constructor.Parameters[i].Name,
                shape.Arguments[i] is { IsIgnored: false, Member.Name: var column } ? [column] : []);
        }

        if (!members.IsInSource)
        {
            return;
        }

        // A constructor without parameters runs before any column is set.
        for (var i = 0; constructor != null && i < members.Types.Count; i++)
        {
            ReadConstructors(members.Types[i], i == 0 ? constructor : null);
        }

        foreach (var member in members.Names.SelectMany(members.Find))
        {
            ReadMember(member, constructor != null);
        }
    }

    /// <summary>Whether code that creates a row cannot be followed.</summary>
    public bool IsOpaque { get; private set; }

    /// <summary>The names that the computing code uses.</summary>
    public IReadOnlyList<MemberUses> Uses => _uses;

    /// <summary>The columns that are copied into a member.</summary>
    public IEnumerable<string> ColumnsCopiedTo(string member) => _copies.TryGetValue(member, out var columns) ? columns : [];

    /// <summary>The columns that a parameter of a constructor holds.</summary>
    public IEnumerable<string> ColumnsOfParameter(string name) => _parameters.TryGetValue(name, out var columns) ? columns : [];

    // Derived types are read before base types, so the arguments of a base constructor are known before its code is read.
    private void ReadConstructors(INamedTypeSymbol type, IMethodSymbol? only)
    {
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is TypeDeclarationSyntax { BaseList.Types: [PrimaryConstructorBaseTypeSyntax primary, ..] })
            {
                PassToBase(type.BaseType!, primary.ArgumentList);
            }
        }

        foreach (var constructor in type.InstanceConstructors.Where(candidate => only == null
            || SymbolEqualityComparer.Default.Equals(candidate, only)))
        {
            foreach (var syntax in constructor.DeclaringSyntaxReferences
                .Select(static reference => reference.GetSyntax())
                .OfType<ConstructorDeclarationSyntax>())
            {
                if (syntax.Initializer?.ThisOrBaseKeyword.ValueText == "this")
                {
                    IsOpaque = true;
                }
                else if (syntax.Initializer != null)
                {
                    PassToBase(type.BaseType!, syntax.Initializer.ArgumentList);
                }

                foreach (var statement in syntax.Body?.Statements ?? default)
                {
                    ReadAssignment(statement, (statement as ExpressionStatementSyntax)?.Expression);
                }

                if (syntax.ExpressionBody != null)
                {
                    ReadAssignment(syntax.ExpressionBody, syntax.ExpressionBody.Expression);
                }
            }
        }
    }

    private void PassToBase(INamedTypeSymbol type, ArgumentListSyntax arguments)
    {
        var passed = new HashSet<string>();
        foreach (var argument in arguments.Arguments)
        {
            var uses = _members.UsesIn(argument.Expression);
            passed.UnionWith(uses.Names.SelectMany(ColumnsOfParameter));
            IsOpaque |= uses.All;
            if (MemberUses.NameIn(argument.Expression) == null)
            {
                _uses.Add(uses);
            }
        }

        foreach (var parameter in type.InstanceConstructors.SelectMany(static constructor => constructor.Parameters))
        {
            AddTo(_parameters, parameter.Name, passed);
            if (_members
                .Find(parameter.Name)
                .Any(static member => member.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is ParameterSyntax)))
            {
                AddTo(_copies, parameter.Name, passed);
            }
        }
    }

    private void ReadAssignment(SyntaxNode code, ExpressionSyntax? expression)
    {
        IEnumerable<(ExpressionSyntax Target, ExpressionSyntax Value)>? pairs = expression switch
        {
            AssignmentExpressionSyntax
            {
                OperatorToken.ValueText: "=",
                Left: TupleExpressionSyntax left,
                Right: TupleExpressionSyntax right
            } =>
                left.Arguments.Zip(right.Arguments, static (target, value) => (target.Expression, value.Expression)),
            AssignmentExpressionSyntax { OperatorToken.ValueText: "=" } assignment => new[] { (assignment.Left, assignment.Right) },
            _ => null,
        };
        if (pairs == null || !pairs.All(pair => TryCopy(MemberUses.NameIn(pair.Target), MemberUses.NameIn(pair.Value))))
        {
            _uses.Add(_members.UsesIn(code));
        }
    }

    private bool TryCopy(string? member, string? parameter)
    {
        if (member == null || parameter == null || !_parameters.ContainsKey(parameter) || !_members.IsStored(member))
        {
            return false;
        }

        AddTo(_copies, member, ColumnsOfParameter(parameter));
        return true;
    }

    private void ReadMember(ISymbol member, bool hasParameters)
    {
        if (hasParameters && RowMembers.InitializerOf(member) is { } value)
        {
            if (MemberUses.NameIn(value) is { } name && _parameters.ContainsKey(name))
            {
                AddTo(_copies, member.Name, ColumnsOfParameter(name));
            }
            else
            {
                _uses.Add(_members.UsesIn(value));
            }
        }

        if (member is IPropertySymbol property && RowMembers.SetterOf(property) is { } setter)
        {
            ReadSetter(property.Name, setter);
        }
    }

    private void ReadSetter(string property, SyntaxNode body)
    {
        var expression = body switch
        {
            ArrowExpressionClauseSyntax arrow => arrow.Expression,
            BlockSyntax { Statements: [ExpressionStatementSyntax one] } => one.Expression,
            _ => null,
        };
        if (_columns.Contains(property)
            && expression is AssignmentExpressionSyntax { OperatorToken.ValueText: "=" } assignment
            && MemberUses.NameIn(assignment.Right) == "value" && MemberUses.NameIn(assignment.Left) is { } stored && (stored == "field"
                || _members.IsStored(stored)))
        {
            AddTo(_copies, stored == "field" ? property : stored, [property]);
            return;
        }

        var uses = _members.UsesIn(body);
        _uses.Add(uses with { Names = [.. uses.Names, .. _columns.Contains(property) ? [property] : Array.Empty<string>()] });
    }

    private static void AddTo(Dictionary<string, HashSet<string>> sets, string name, IEnumerable<string> columns)
    {
        if (!sets.TryGetValue(name, out var set))
        {
            sets.Add(name, set = []);
        }

        set.UnionWith(columns);
    }
}
